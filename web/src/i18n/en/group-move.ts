/** A cache's move to another address plan. */
export const move = {
  to: 'Move to',
  asking: 'Asking the nodes how clients reach them.',
  unread: 'The address plan could not be read',
  title: (id: string, plan: string) => `Move ${id} to ${plan}?`,
  submit: 'Move',
  effect:
    'Every endpoint and node gets a second address. The console and the API then show the new addresses, and the old ones keep working: no connection is closed until you finish the move. Until then, you can cancel it.',
  closeAfter: 'Close the old addresses',
  never: 'When I finish the move',
  after: (time: string) => `${time} after the new ones open`,
  neverHint: 'Finishing is refused while clients still use them.',
  afterHint: 'They are closed then even if clients still use them.',
  begun: (id: string, plan: string) => `${id} is being moved to ${plan}.`,
  stages: {
    opening: (from: string, to: string) =>
      `Moving from ${from} to ${to}: the new addresses are being opened on every node.`,
    open: (from: string, to: string) =>
      `Moving from ${from} to ${to}: both sets of addresses work. Switch the clients to the new ones, then finish the move.`,
    closing: (from: string, to: string) => `Moving from ${from} to ${to}: the old addresses are being closed.`,
    back: (from: string, to: string) => `Staying on ${from}: the addresses of ${to} are being closed.`,
  },
  started: 'Move started',
  opened: 'New addresses open since',
  closes: (plan: string) => `Addresses of ${plan} close`,
  onRequest: 'When you finish the move',
  notNow: 'Not possible in the present state of the cache.',
  places: 'Addresses',
  place: 'Endpoint or node',
  shownBy: (plan: string) => `${plan} (shown to clients)`,
  otherBy: (plan: string) => `${plan} (not shown)`,
  clientsOf: (plan: string) => `Clients at the addresses of ${plan}`,
  nobody: 'No client has used these addresses since the move began.',
  unknown: 'None is known, but not every node could be asked.',
  client: 'Client',
  at: 'Connects to',
  connections: 'Connections',
  openedConnections: 'Opened in all',
  lastSeen: 'Last seen',
  keep: 'Keep both',
  quiet: 'Quiet time',
  quietHint: (plan: string) =>
    `How long the addresses of ${plan} must have gone unused. If a client has used them since, the request is refused.`,
  connectedOnly: 'None: only open connections count',
  force: 'Close them anyway',
  forceEffect: (plan: string) =>
    `Connections at the addresses of ${plan} are closed within a second. Their clients are locked out until they use the other addresses.`,
  finish: {
    open: 'Finish move',
    title: (id: string) => `Finish the move of ${id}?`,
    submit: 'Finish',
    effect: (plan: string) =>
      `The addresses of ${plan} are closed and given back. After that the move cannot be cancelled; you can only move the cache back.`,
    done: (id: string, plan: string) =>
      `The move of ${id} is being finished: the addresses of ${plan} are being closed.`,
  },
  cancel: {
    open: 'Cancel move',
    title: (id: string) => `Cancel the move of ${id}?`,
    submit: 'Cancel move',
    effect: (plan: string) => `The addresses of ${plan} are closed and given back, and the old ones are shown again.`,
    done: (id: string, plan: string) =>
      `The move of ${id} is being cancelled: the addresses of ${plan} are being closed.`,
  },
};
