// Where a new token goes, as the service reads it; see docs/rotation.md.

export type DeliveryKind = 'file' | 'command' | 'secretsmanager';

export interface Delivery {
  kind: DeliveryKind;
  path: string; // of the file
  program: string;
  arguments: string; // quoted as in a shell
  secret: string; // name or ARN
  region: string;
  key: string;
  profile: string;
  endpoint: string;
  create: boolean;
  insecure: boolean; // plain HTTP to another machine is accepted
}

export const noDelivery: Delivery = {
  kind: 'file',
  path: '',
  program: '',
  arguments: '',
  secret: '',
  region: '',
  key: '',
  profile: '',
  endpoint: '',
  create: false,
  insecure: false,
};

/** Whether what the kind cannot do without is there. All else the service checks. */
export function isComplete(d: Delivery): boolean {
  return Boolean({ file: d.path, command: d.program, secretsmanager: d.secret }[d.kind].trim());
}

/** The target in one line. */
export function targetOf(d: Delivery): string {
  if (d.kind === 'file') return `file:${d.path.trim()}`;
  if (d.kind === 'command') return `command:${[quoted(d.program.trim()), d.arguments.trim()].join(' ').trim()}`;
  const { region, endpoint, profile, key } = d;
  const options = new URLSearchParams();
  for (const [name, value] of Object.entries({ region, endpoint, profile, key })) {
    if (value.trim()) options.set(name, value.trim());
  }
  if (d.create) options.set('create', 'true');
  if (d.insecure) options.set('insecure', 'true');
  const query = options.toString();
  return `secretsmanager:${d.secret.trim()}${query && `?${query}`}`;
}

const quoted = (word: string) =>
  /[ \t'"\\]/.test(word) ? `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : word;

/** Reads a target back, to be edited. What it cannot read stays in the field that it begins with. */
export function deliveryOf(target: string): Delivery {
  const [, kind = '', rest = ''] = /^(file|command|secretsmanager):(.*)$/s.exec(target) ?? [];
  if (kind === 'command') return { ...noDelivery, kind, ...programOf(rest) };
  if (kind !== 'secretsmanager') return { ...noDelivery, path: kind === 'file' ? rest : target };
  const [secret = '', query = ''] = rest.split('?', 2);
  const options = new URLSearchParams(query);
  const text = (name: string) => options.get(name) ?? '';
  return {
    ...noDelivery,
    kind,
    secret,
    region: text('region'),
    key: text('key'),
    profile: text('profile'),
    endpoint: text('endpoint'),
    create: text('create') === 'true',
    insecure: text('insecure') === 'true',
  };
}

/** The service quotes with double quotes only, and escapes within them. */
function programOf(words: string): Pick<Delivery, 'program' | 'arguments'> {
  const [all = '', inQuotes, plain = ''] = /^(?:"((?:\\.|[^"\\])*)"|(\S*))/.exec(words) ?? [];
  const program = inQuotes?.replaceAll(/\\(.)/g, '$1') ?? plain;
  return { program, arguments: words.slice(all.length).trim() };
}
