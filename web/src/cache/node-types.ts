// The node types that the service knows (internal/cache/nodetype_memory.go); it says so itself of any other.

const families = {
  t4g: 'micro small medium',
  t3: 'micro small medium',
  t2: 'micro small medium',
  m8g: 'large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge',
  m7g: 'large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge',
  m6g: 'large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge',
  m5: 'large xlarge 2xlarge 4xlarge 12xlarge 24xlarge',
  m4: 'large xlarge 2xlarge 4xlarge 10xlarge',
  m3: 'medium large xlarge 2xlarge',
  m2: 'xlarge 2xlarge 4xlarge',
  m1: 'small medium large xlarge',
  r8g: 'large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge',
  r7g: 'large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge',
  r6g: 'large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge',
  r6gd: 'xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge',
  r5: 'large xlarge 2xlarge 4xlarge 12xlarge 24xlarge',
  r4: 'large xlarge 2xlarge 4xlarge 8xlarge 16xlarge',
  r3: 'large xlarge 2xlarge 4xlarge 8xlarge',
  c8gn: 'large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge',
  c7gn: 'large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge',
  c1: 'xlarge',
  t1: 'micro',
};

/** Family by family, the newest of a kind first, the smallest size first. */
export const nodeTypes: { family: string; types: string[] }[] = Object.entries(families).map(([family, sizes]) => ({
  family,
  types: sizes.split(' ').map((size) => `cache.${family}.${size}`),
}));
