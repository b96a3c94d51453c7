// Where the pages are. Paths are below base; a link's href has it in front.
export const base = '/console';

export const paths = {
  caches: '/',
  create: '/create',
  security: '/security-groups',
  parameters: '/parameter-groups',
  parameterGroup: (name: string) => `/parameter-groups/${encodeURIComponent(name)}`,
  compare: '/compare-parameter-groups',
  subnets: '/subnet-groups',
  maintenance: '/maintenance',
  group: (id: string, tab?: string) => `/caches/${encodeURIComponent(id)}${tab ? `/${tab}` : ''}`,
  modify: (id: string) => `/modify/${encodeURIComponent(id)}`,
  rotation: (id: string) => `/rotation/${encodeURIComponent(id)}`,
};

export const href = (path: string) => base + path;

/** The link to the form that modifies a group, with a token strategy chosen already. */
export const modifyHref = (id: string, strategy: 'ROTATE' | 'SET') => href(`${paths.modify(id)}?strategy=${strategy}`);

/** The link to the comparison of two parameter groups; the second may still have to be chosen. */
export const comparePath = (left: string, right = '') =>
  `${paths.compare}?${new URLSearchParams({ left, ...(right && { right }) })}`;

/** Links to the page of security groups: to one of them, or to the form that creates one with this id. */
export const securityHref = {
  find: (id: string) => href(`${paths.security}?find=${encodeURIComponent(id)}`),
  create: (id: string) => href(`${paths.security}?create=${encodeURIComponent(id)}`),
};
