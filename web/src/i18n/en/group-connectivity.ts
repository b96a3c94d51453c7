export const connectivity = {
  accessControl: 'Access control',
  auth: 'Redis AUTH default user access',
  noAccessControl: 'No access control',
  withoutToken: 'Clients without a token',
  accepted: 'Accepted',
  refused: 'Refused',
  lastModified: 'AUTH token last modified',
  change: 'Change under way',
  changing: { ROTATING: 'Rotating token', SETTING: 'Setting token' } as Record<string, string>,
  credentials: 'Accepted credentials and their use',
  asOf: (time: string) => `As of ${time}. Expand a credential to see its clients.`,
  asking: 'Asking the nodes who uses them.',
  showClients: (name: string) => `Show clients of ${name}`,
  hideClients: (name: string) => `Hide clients of ${name}`,
  columns: {
    who: 'Credential / client',
    added: 'Added',
    connections: 'Connections',
    logins: 'Logins',
    lastMinute: 'Last minute',
    lastUsed: 'Last used',
    refused: 'Refused',
  },
  now: 'now',
  unknownTokens: 'Unknown tokens',
  otherClients: 'Other clients, combined',
  formerly: (names: string) => `formerly ${names}`,
  standing: { current: 'current', old: 'old', new: 'new', retired: 'no longer accepted' },
  missing: (node: string, reason: string) => `${node} could not be asked (${reason}): all figures are lower bounds.`,
  otherCredentials: (count: string, refused: string) =>
    `${count} other credentials that are not accepted, with ${refused} refused logins.`,
  users: (group: string) => `Clients log in as the users of user group ${group}. Whether they do is not counted yet.`,
  fingerprintHint:
    'A token is shown as the first 12 hexadecimal digits of its SHA-256 hash. To compute them for a token:',
  set: {
    title: 'What “Set token” would do now',
    nothing: 'There is nothing to set: only one credential is accepted.',
    free: 'Nobody would be locked out.',
    inUse: 'Clients would be locked out.',
    unknown: 'It is not known whether clients would be locked out: not every node could be asked.',
    refused: 'It would be refused.',
  },
  guard: {
    warn: 'Warn: the change is carried out, and an event names the clients affected.',
    refuse: 'Refuse: the change is refused while the credential it ends is in use.',
    off: 'Off: the change is carried out without checking, as in ElastiCache.',
  } as Record<string, string>,
  quiet: {
    none: 'A credential is in use while it has open connections.',
    within: (time: string) => `A credential is in use while it has open connections, or was used in the last ${time}.`,
  },
  guardTags: 'Change this with tags',
  tls: {
    mode: 'Transit encryption mode',
    meaning: {
      none: 'Clients connect in plaintext. Tokens need TLS.',
      preferred: 'Clients connect over TLS or in plaintext, on the same endpoints.',
      required: 'Clients connect over TLS only.',
    },
    changingTo: (mode: string) => `Changing to: ${mode}`,
    secure: 'Secure this cache',
    /** Ways from one mode to another. */
    steps: {
      offer: {
        name: 'Offer TLS',
        title: 'Offer TLS alongside plaintext?',
        effect:
          'Every node accepts TLS alongside plaintext, on the same addresses and ports. No connection is closed, and clients can switch one by one; they need the CA certificate.',
      },
      require: {
        name: 'Require TLS',
        title: 'Require TLS?',
        effect:
          'Every node refuses plaintext. Plaintext connections are closed within 1 second, and their clients are locked out until they use TLS.',
      },
      allow: {
        name: 'Accept plaintext again',
        title: 'Accept plaintext again?',
        effect:
          'Every node accepts plaintext alongside TLS. No connection is closed. What clients send in plaintext can be read on the network, and the cache cannot have a token meanwhile.',
      },
      off: {
        name: 'Turn encryption off',
        title: 'Turn encryption in transit off?',
        effect:
          'Every node refuses TLS. TLS connections are closed within 1 second, and their clients are locked out until they use plaintext, which can be read on the network.',
      },
    },
    tlsOpen: (connections: number, n: string) =>
      `${connections === 1 ? '1 TLS connection is' : `${n} TLS connections are`} open now.`,
    asked: (id: string) => `The change of encryption in transit of ${id} was accepted.`,
    plaintext: {
      title: 'Who connects in plaintext',
      asking: 'Asking the nodes who connects in plaintext.',
      unread: 'The use of plaintext could not be read',
      connections: 'Plaintext connections',
      tls: 'TLS connections',
      lastUsed: 'Plaintext last used',
      never: 'Never',
      clients: 'Clients in plaintext',
      client: (name: string, connections: string) => `${name}: ${connections}`,
    },
    gateless: (nodes: string) =>
      `${nodes} cannot tell, and cannot change the mode: an earlier release of aikagi has started it. Reboot it first.`,
    guard: {
      warn: 'Warn: TLS is required even if clients use plaintext, and an event names them.',
      refuse: 'Refuse: TLS cannot be required while clients use plaintext.',
      off: 'Off: TLS is required without checking.',
    } as Record<string, string>,
    guardQuiet: {
      none: 'Plaintext is in use while it has open connections.',
      within: (time: string) => `Plaintext is in use while it has open connections, or was used in the last ${time}.`,
    },
    fingerprint: 'SHA-256 fingerprint of the certificate authority',
    hint: 'A client that trusts this authority trusts the endpoints of every cache on this aikagi.',
    download: 'Download CA certificate',
  },
};
