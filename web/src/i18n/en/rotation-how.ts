/** How a rotation is asked for: a part of the area `rotation`. */
export const rotationHow = {
  tab: 'Rotate now',
  start: 'Start rotation',
  /** Two credentials are accepted. */
  adopt: {
    title: 'This finishes the change that was begun',
    text: (old: string, fresh: string) =>
      `No new token is made: ${fresh} stays, and ${old} ends. Once that is done, you can rotate in a new token.`,
  },
  replace: {
    title: 'This replaces a token that was not delivered',
    text: (old: string, fresh: string) =>
      `The ${fresh} may have reached nobody, so it ends as soon as the new one is rotated in. Clients go on using ${old} until they have the new one.`,
  },
  blocked: 'A rotation cannot be started now',
  noneHint:
    'This is the group’s first token. Anyone who can reach the port can try without a token, and so bring access without a token back during the grace time. Where strangers can reach the port, choose that nobody brings it back, or set a threshold.',
  delivery: 'Delivery of the new token',
  deliveryHint: 'The delivered copy is the only one: aikagi does not store the token.',
  kind: 'Destination',
  kinds: { file: 'File', command: 'Program', secretsmanager: 'AWS Secrets Manager' },
  kindHints: {
    file: 'Replaced in one step, readable only by its owner. Clients read it when they connect.',
    command: 'Run without a shell. The token arrives on standard input; AIKAGI_VERB says what to do.',
    secretsmanager: 'Staged as AWSPENDING, then AWSCURRENT. The old token becomes AWSPREVIOUS.',
  },
  allow: {
    file: 'The folder deliveries in the service’s data directory is allowed (.aikagi/deliveries under make run). Other folders: aikagi serve --delivery-files DIR',
    command: 'The service must allow its folder: aikagi serve --delivery-commands DIR',
    secretsmanager: 'AWS decides who may write. Other servers: aikagi serve --delivery-endpoints URL',
  },
  path: 'Path of the file',
  program: 'Path of the program',
  arguments: 'Arguments – optional',
  argumentsHint:
    'Separated by spaces; quotes work as in a shell. Do not include secrets: arguments are stored and shown.',
  secret: 'Name or ARN of the secret',
  region: 'Region – optional',
  key: 'Key – optional',
  keyHint: 'The field to replace, if the secret is a JSON object.',
  more: 'More options',
  profile: 'Profile – optional',
  profileHint: 'From the service’s AWS configuration files.',
  endpoint: 'Endpoint – optional',
  create: 'Create the secret if it does not exist',
  insecure: 'Allow plain HTTP to another machine',
  insecureHint: 'The token crosses the network unencrypted.',
  required: 'Say where the new token goes.',
  target: 'Target',
  rules: 'End of the old credential',
  finish: 'When does it end?',
  finishes: {
    quiet: 'When it has gone unused for some time',
    deadline: 'At a deadline',
    both: 'Whichever comes first',
    ask: 'When I say so',
  },
  finishHints: {
    quiet: 'The safe choice: clients that use it only now and then are not locked out.',
    deadline: 'A fixed time after the delivery, used or not.',
    both: 'When it has gone unused for some time, or at the deadline at the latest.',
    ask: 'It waits until you choose “Finish now” on this page.',
  },
  quiet: 'Unused for',
  deadline: 'Deadline after the delivery',
  duration: 'For example 30s, 10m or 24h.',
  durationError: 'Enter a duration such as 30s, 10m or 24h.',
  brownout: 'Brownout',
  brownoutHint:
    'Before the end, the old credential is refused for this long. Clients that fail are named, and served again at once. 0s: no brownout.',
  evict: 'Close open connections over',
  evictHint:
    'After the end, connections opened with the old credential are closed, spread over this time. 0s: they stay open.',
  grace: 'Grace time',
  graceHint: 'For this long after the end, refused logins are watched and the old credential can be brought back.',
  back: 'What brings the old credential back?',
  backs: {
    first: 'The first refused login',
    over: 'More refused logins than',
    never: 'Nothing: it leaked',
  },
  over: 'Tolerated refused logins',
  overError: 'Enter a whole number of at least 1.',
  leaked: 'Use settings for a leaked token',
  normal: 'Restore defaults',
  plan: 'What will happen',
  steps: {
    make: (old: string) => `A new token is made, and every node accepts it alongside ${old}. Clients do not notice.`,
    deliverSomewhere: 'It is delivered. A delivery that fails is retried for 15 minutes.',
    deliver: (target: string) => `It is delivered to ${target}. A delivery that fails is retried for 15 minutes.`,
    adopt: (old: string, fresh: string) => `At first, both keep working: ${old} and ${fresh}.`,
    quiet: (d: string) => `It waits until nobody has used the old credential for ${d}.`,
    deadline: (d: string) => `It waits for ${d} after the delivery, whether or not the old credential is used.`,
    both: (quiet: string, deadline: string) =>
      `It waits until nobody has used the old credential for ${quiet}, but no longer than ${deadline}.`,
    ask: 'It waits until you tell it to go on, and shows who still uses the old credential.',
    brownout: (d: string) =>
      `The old credential is refused for ${d}. If clients fail, they are named and served again at once, and the wait starts over.`,
    stay: 'Only the new token works (SET). Open connections stay open.',
    evict: (d: string) =>
      `Only the new token works (SET). Connections opened with the old credential are closed, spread over ${d}.`,
    first: (d: string) => `For ${d}, the first refused login with the old credential brings it back within a second.`,
    over: (d: string, n: string) => `For ${d}, more than ${n} refused logins with the old credential bring it back.`,
    never: (d: string) => `For ${d}, refused logins are counted. They do not bring it back.`,
  },
};
