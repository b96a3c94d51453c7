import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import { monospace, surface } from '../../../components/tokens';
import { useText } from '../../../i18n';

/** Lines to be copied. Long ones are scrolled within. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  const { common } = useText();
  return (
    <div style={frame}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
      <section style={block} tabIndex={0} aria-label={label}>
        <pre style={text}>{code}</pre>
      </section>
      <CopyToClipboard
        variant="icon"
        textToCopy={code}
        copyButtonAriaLabel={`${common.copy}: ${label}`}
        copySuccessText={common.copied}
        copyErrorText={common.notCopied}
      />
    </div>
  );
}

const frame = {
  display: 'flex',
  alignItems: 'flex-start',
  gap: '8px',
  padding: '4px 8px 4px 16px',
  borderRadius: '8px',
  backgroundColor: surface,
} as const;
const block = { flex: 1, minInlineSize: 0, paddingBlock: '6px', overflowX: 'auto' } as const;
const text = { margin: 0, fontFamily: monospace, lineHeight: 1.5 } as const;
