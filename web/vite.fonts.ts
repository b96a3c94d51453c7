import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

/**
 * Makes files of the fonts that the design system has within its style sheet. There, a browser
 * reads all eight before it draws anything; as files it draws at once and reads those that it needs.
 * This comes after Vite's own look at the addresses in a style sheet, so they are whole ones.
 */
export function fontFiles(): Plugin {
  let base = '/';
  return {
    name: 'font-files',
    apply: 'build',
    configResolved(config) {
      base = config.base;
    },
    transform(code, id) {
      if (!/\/global-styles\/index\.css$/.test(id)) return;
      const css = code.replace(/src: url\('data:font\/woff2;base64,([^']+)'\)/g, (_, base64: string) => {
        const source = Buffer.from(base64, 'base64');
        const hash = createHash('sha256').update(source).digest('base64url').slice(0, 8);
        const fileName = `assets/open-sans-${hash}.woff2`;
        this.emitFile({ type: 'asset', fileName, source });
        return `font-display: swap;\n  src: url('${base}${fileName}')`;
      });
      if (css === code) this.error('the design system has its fonts elsewhere now: look at vite.fonts.ts');
      return { code: css, map: null };
    },
  };
}
