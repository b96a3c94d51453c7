// The node types that the service knows (internal/cache/nodetype.go); it says so itself of any other.

const families = {
  t: { names: ['t4g', 't3', 't2'], sizes: ['micro', 'small', 'medium'] },
  m: { names: ['m7g', 'm6g', 'm5', 'm4'], sizes: ['large', 'xlarge', '2xlarge', '4xlarge'] },
  r: { names: ['r7g', 'r6g', 'r5', 'r4'], sizes: ['large', 'xlarge', '2xlarge', '4xlarge'] },
};

/** Family by family, the newest of a kind first, the smallest size first. */
export const nodeTypes: { family: string; types: string[] }[] = Object.values(families).flatMap(({ names, sizes }) =>
  names.map((family) => ({ family, types: sizes.map((size) => `cache.${family}.${size}`) })),
);
