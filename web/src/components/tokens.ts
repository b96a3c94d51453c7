// Colours and sizes of what the console draws itself; console.css has their values, light and
// dark. (The design system publishes its own under names that differ from those that its
// components of the same day use, so they would stay light in the dark.)
const token = (name: string) => `var(--aikagi-${name})`;

export const background = token('background');
export const surface = token('surface'); // of what cannot be changed, like code
export const divider = token('divider');
export const radius = token('radius');
export const monospace = token('monospace');

const categories = [1, 2, 3, 4, 5, 6, 7, 8];
/** Colours that are told apart by everybody. */
export const categorical = categories.map((n) => token(`category-${n}`));
