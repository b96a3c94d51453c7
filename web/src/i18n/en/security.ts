export const security = {
  title: 'Security groups',
  intro:
    'A security group says from which addresses clients may connect. Caches name security groups by ID; rules of several add up. A changed rule takes effect at once.',
  none: 'No security groups',
  noneDetail:
    'A cache without security groups accepts everybody who can reach it. Create a security group with the networks that may connect, then choose it when you create or modify a cache.',
  find: 'Find security groups',
  matches: (n: number) => (n === 1 ? '1 match' : `${n} matches`),
  noMatch: 'No security group matches.',
  clear: 'Clear filter',
  id: 'Security group ID',
  usedBy: 'Named by',
  unused: 'No caches',
  created: 'Created',
  manage: 'Manage security groups',

  rules: 'Rules',
  rulesOf: (name: string) => `Rules of ${name}`,
  source: 'Source',
  ports: 'Ports',
  allPorts: 'All ports',
  port: (first: number, last: number) => (first === last ? `${first}` : `${first}–${last}`),
  description: 'Description',
  action: 'Action',
  noRules: 'There are no rules: this group lets nobody in.',

  create: {
    title: 'Create security group',
    submit: 'Create security group',
    name: 'Name',
    nameHint: 'How people find it.',
    text: "Up to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*'",
    nameWrong: 'Enter a name with the characters listed below.',
    textWrong: 'Use only the characters listed below.',
    id: 'ID',
    idHint: 'Only if configurations have an ID already. By default, a new one is made.',
    idEffect:
      'If caches name this ID already, the rules apply to them as soon as they are made: open connections that no rule allows are closed.',
    idWrong: 'Enter an ID like sg-0123456789abcdef0.',
    sources: 'Allowed sources',
    sourcesHint: 'Networks or addresses that may connect, on all ports. Rules for single ports can be added later.',
    sourcesRule: 'One per line, like 10.0.0.0/8, 2001:db8::/32 or 192.0.2.7. Without any, nobody may connect.',
    sourcesWrong: (sources: string) => `Not a network or an address: ${sources}`,
    done: (name: string) => `Security group ${name} was created.`,
    notAllowed: (name: string, source: string, why: string) =>
      `Security group ${name} was created, but does not let ${source} in: ${why} Add the remaining sources as rules.`,
  },
  add: {
    open: 'Add rule',
    openOf: (name: string) => `Add rule to ${name}`,
    title: (name: string) => `Add rule to ${name}`,
    submit: 'Add rule',
    sourceHint: 'A network or an address: 10.0.0.0/8, 2001:db8::/32, 192.0.2.7. 0.0.0.0/0 is every IPv4 address.',
    sourceWrong: 'Enter a network like 10.0.0.0/8, or an address like 192.0.2.7.',
    portsHint: 'The port of the caches, or several, like 6379-6399. Empty: all ports.',
    portsWrong: 'Enter a port from 1 to 65535, or the first and the last, like 6379-6399.',
    done: (name: string, source: string) => `${name} lets ${source} in.`,
    full: (n: number) => `A security group can have at most ${n} rules.`,
  },
  revoke: {
    open: 'Revoke',
    openOf: (rule: string, name: string) => `Revoke ${rule} of ${name}`,
    title: (name: string) => `Revoke a rule of ${name}?`,
    submit: 'Revoke rule',
    keep: 'Keep rule',
    closes:
      'Open connections that no other rule allows are closed at once, and their clients are refused from then on.',
    affects: (caches: string) => `Caches that name this security group: ${caches}`,
    unused: 'No cache names this security group, so nobody is affected.',
    last: 'This is the last rule: after that, this security group lets nobody in.',
    done: (name: string, source: string) => `The rule for ${source} of ${name} was revoked.`,
  },
  remove: {
    openOf: (name: string) => `Delete ${name}`,
    inUse: (caches: string) => `In use by ${caches}. Choose other security groups for these caches first.`,
    title: (name: string) => `Delete security group ${name}?`,
    effect: 'No cache names it. Its rules are lost.',
    done: (name: string) => `Security group ${name} was deleted.`,
  },

  /** Of groups that are read from an EC2 API. */
  ec2: {
    changedThere: 'This is a group of EC2. Change it there; its rules are read from EC2 again and again.',
    vpc: 'VPC',
    asOf: 'Rules as of',
    knownSince: 'Known since',
    gone: (at: string) => `EC2 does not have this group any more (since ${at}). Its last rules stay in force.`,
    twice: 'EC2 has a group with this ID, too. The rules here are in force.',
    read: (endpoint: string, at: string) => `Groups of EC2 are read from ${endpoint}, the last time on ${at}.`,
    neverRead: (endpoint: string) => `Groups of EC2 are read from ${endpoint}, which has not been possible yet.`,
    failing: 'EC2 does not answer',
    failingDetail: (at: string, why: string) => `Since ${at}, so the last known rules are in force: ${why}.`,
  },

  /** In the forms of a cache. */
  field: {
    label: 'Security groups',
    hint: 'From which addresses clients may connect, whether they have a token or not.',
    choose: 'Choose security groups',
    noneKnown: 'No security groups were created here yet.',
    rules: (n: number) => (n === 1 ? '1 rule' : `${n} rules`),
    notKnown: 'Not known here',
    remove: (name: string) => `Remove ${name}`,
    other: 'Other security group IDs',
    otherHint:
      'IDs that were not created here yet, as existing configurations have them. Separate several with commas.',
    wrong: {
      form: 'Enter IDs like sg-0123456789abcdef0.',
      many: 'A cache can have at most 16 security groups.',
      last: 'A cache that has security groups keeps at least one. To let everybody in, choose one that allows 0.0.0.0/0 and ::/0.',
    },
  },
  effect: {
    everybody: 'None: everybody who can reach the endpoint may connect.',
    lookedUp: (ids: string) =>
      `Not known here yet: ${ids}. Such IDs are looked up in EC2, whose rules then apply; an ID that is not there is refused.`,
    nobody: 'These security groups have no rules: nobody may connect.',
    ruled: 'Only clients from the addresses that the rules allow may connect.',
    unknown: (ids: string) =>
      `Not known here: ${ids}. Until a security group with each such ID is created, everybody who can reach the endpoint may connect. A server started with --security-groups strict refuses such IDs.`,
    closes: 'Open connections that the new security groups do not allow are closed at once.',
  },

  /** On the page of a cache. */
  cache: {
    none: 'None: everybody who can reach the endpoints may connect.',
    everybody: 'Not known here: everybody may connect',
    leftOut: (n: string) =>
      `The rules name more networks than the nodes can tell apart. The narrowest are kept out: ${n}.`,
    define: (id: string) => `Create ${id}`,
    alert: 'Everybody who can reach this cache may connect',
    alertDetail: (ids: string) =>
      `It names security groups that are not known here: ${ids}. Create them with the addresses that may connect. Until then, its other security groups keep nobody out either.`,
  },
  refused: {
    title: 'Refused connections',
    asOf: (time: string) => `Since each node was started, as of ${time}.`,
    asking: 'Asking the nodes whom they refused.',
    unread: 'Refused connections could not be read',
    reasons: {
      rules: 'Not allowed by a security group',
      mode: 'Plaintext where TLS is required',
      silence: 'Said nothing',
      clients: 'Too many clients',
      queue: 'Engine too busy',
      source: 'Too many from one address',
    },
    address: 'Address',
    last: 'Last refused',
    why: 'Reason',
    reason: (reason: string, n: string) => `${reason}: ${n}`,
    latest: 'Addresses refused last',
    none: 'No address was refused.',
    more: (n: number) => (n === 1 ? 'and 1 more address' : `and ${n} more addresses`),
  },
};
