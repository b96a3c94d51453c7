// Where the pages are. Paths are below base; a link's href has it in front.
export const base = '/console';

export const paths = {
  caches: '/',
  create: '/create',
  group: (id: string, tab?: string) => `/caches/${encodeURIComponent(id)}${tab ? `/${tab}` : ''}`,
  modify: (id: string) => `/modify/${encodeURIComponent(id)}`,
  rotation: (id: string) => `/rotation/${encodeURIComponent(id)}`,
};

export const href = (path: string) => base + path;

/** The link to the form that modifies a group, with a token strategy chosen already. */
export const modifyHref = (id: string, strategy: 'ROTATE' | 'SET') => href(`${paths.modify(id)}?strategy=${strategy}`);
