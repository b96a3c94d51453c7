import Box from '@cloudscape-design/components/box';

interface LegendProps {
  label: string;
  lines: { name: string; color: string }[];
}

/** Names the lines of a chart, once each: the chart's own legend would name each part between two gaps. */
export function Legend({ label, lines }: LegendProps) {
  return (
    <ul aria-label={label} style={list}>
      {lines.map(({ name, color }) => (
        <li key={name} style={item}>
          <span aria-hidden style={{ ...mark, backgroundColor: color }} />
          <Box variant="span" fontSize="body-s" color="text-body-secondary">
            {name}
          </Box>
        </li>
      ))}
    </ul>
  );
}

const list = {
  display: 'flex',
  flexWrap: 'wrap',
  gap: '4px 16px',
  margin: 0,
  padding: 0,
  listStyle: 'none',
  minBlockSize: '20px', // the chart does not move when its lines come
} as const;
const item = { display: 'flex', alignItems: 'center', gap: '6px', minInlineSize: 0, overflowWrap: 'anywhere' } as const;
const mark = { flex: 'none', inlineSize: '14px', blockSize: '3px', borderRadius: '2px' } as const;
