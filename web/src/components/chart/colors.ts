import {
  colorChartsPaletteCategorical1,
  colorChartsPaletteCategorical2,
  colorChartsPaletteCategorical3,
  colorChartsPaletteCategorical4,
  colorChartsPaletteCategorical5,
  colorChartsPaletteCategorical6,
  colorChartsPaletteCategorical7,
  colorChartsPaletteCategorical8,
} from '@cloudscape-design/design-tokens';

/** Told apart by all, light and dark; a group has six nodes at the most. */
const palette = [
  colorChartsPaletteCategorical1,
  colorChartsPaletteCategorical2,
  colorChartsPaletteCategorical3,
  colorChartsPaletteCategorical4,
  colorChartsPaletteCategorical5,
  colorChartsPaletteCategorical6,
  colorChartsPaletteCategorical7,
  colorChartsPaletteCategorical8,
];

/** The colour of the n-th line. */
export const colorOf = (n: number): string => palette[n % palette.length] ?? colorChartsPaletteCategorical1;

/** The colour of a node goes by the number in its name: it stays while others come and go. */
export const colorOfNode = (id: string): string => colorOf(Math.max(0, Number(/\d+$/.exec(id)?.[0] ?? 1) - 1));
