/** How a cache comes to require TLS before its token is rotated in: a part of the area `rotation`. */
export const rotationSecure = {
  title: 'Secure cache',
  heading: (id: string) => `Secure ${id}`,
  intro:
    'Without an outage, clients move from plaintext to TLS, and then from access without a token to a token. Both ways work until nobody uses the old one.',
  tab: 'Secure now',
  start: 'Secure cache',
  blocked: 'The cache cannot be secured now',
  /** Before it is begun. */
  first: {
    title: 'TLS comes first, then the token',
    text: 'Tokens need TLS. So TLS is offered alongside plaintext, on the same endpoints; once nobody uses plaintext, TLS is required; and then the token is rotated in. Clients need the CA certificate to switch: download it on the tab Connectivity and security.',
  },
  rules: 'End of plaintext, and of access without a token',
  rulesHint:
    'When they end goes for both: first for plaintext, counted from when TLS is offered, and then for access without a token, counted from the delivery. All other settings are for the token only.',
  steps: {
    offer:
      'Every node accepts TLS alongside plaintext, on the same addresses and ports. No connection is closed, and clients can switch one by one.',
    offered: 'Every node already accepts TLS alongside plaintext, and goes on doing so.',
    quiet: (d: string) => `It waits until nobody has used plaintext for ${d}.`,
    deadline: (d: string) => `It waits for ${d}, whether or not plaintext is used.`,
    both: (quiet: string, deadline: string) =>
      `It waits until nobody has used plaintext for ${quiet}, but no longer than ${deadline}.`,
    ask: 'It waits until you tell it to go on, and shows who still connects in plaintext.',
    require: 'Only TLS works. Plaintext connections that are still open are closed within 1 second.',
  },
  secured: (to: string) => `TLS is required. The destination ${to} is being checked; there is no new token yet.`,
  figures: {
    plaintext: 'Plaintext connections',
    tls: 'TLS connections',
    minute: (count: number, n: string) => `${count === 1 ? '1 connection' : `${n} connections`} in the last minute`,
    unread: 'The use of plaintext could not be read',
  },
  /** Instead of the words on the old credential. */
  wait: {
    deadlineLeft: 'until plaintext ends, used or not',
    ownerText: 'Plaintext ends when you choose “Finish now”.',
    nodesText: 'Not every node has told who connects in plaintext. Nothing ends until they all have.',
    nowText: 'Plaintext ends as soon as every node has been asked.',
  },
  clients: {
    title: 'Still in plaintext',
    description: 'Most connections first. A client that connects only now and then also keeps plaintext in use.',
  },
  requested: 'Plaintext is being ended.',
  confirm: {
    finishTitle: 'End plaintext now?',
    finish: 'The rotation stops waiting and has every node refuse plaintext: TLS is required from then on.',
    finishInUse: (n: number, shown: string, names: string) =>
      `${n === 1 ? '1 plaintext connection is' : `${shown} plaintext connections are`} open: ${names}. They are closed within 1 second, and these clients are locked out until they use TLS.`,
    finishFree: 'No plaintext connections are open.',
    finishUnknown:
      'Not every node could be asked who connects in plaintext. The rotation waits until every node can be.',
    finishNext: 'The rotation then goes on with the new token.',
    cancel: {
      'offering-tls':
        'Clients do not notice. If TLS is on its way to the nodes already, it stays offered alongside plaintext. No token is made.',
      'awaiting-tls':
        'TLS stays offered alongside plaintext, so every client keeps connecting as it does now. No token is made.',
      'requiring-tls':
        'Every node is told to accept plaintext again, alongside TLS. Plaintext connections that were closed have to be made anew. No token is made.',
    },
    cancelSecured: 'TLS stays required. No token has been made yet, and none will be.',
  },
  plan: { ends: 'Plaintext ends', deadline: (d: string) => `${d} after TLS was offered` },
  timeline: {
    tlsOffered: 'Every node accepts TLS alongside plaintext',
    tlsRequired: 'Every node accepts TLS only',
  },
};
