import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { fontFiles } from './vite.fonts.ts';
import { usedMessages } from './vite.messages.ts';

// Where `npm run dev` finds a running aikagi.
const aikagi = process.env.AIKAGI_URL ?? 'http://127.0.0.1:4580';

// Each test drives a browser and real engines. Limits only end what hangs: a busy machine takes twenty times as long as a quiet one.
const many = 'e2e/many.test.ts';
const endToEnd = { globalSetup: ['e2e/global.ts'], testTimeout: 300_000, hookTimeout: 300_000, isolate: false };

export default defineConfig({
  base: '/console/',
  plugins: [react(), fontFiles(), usedMessages()],
  // The design system's messages are parsed already: of the library that formats them, the parser is never called.
  resolve: { alias: { '@formatjs/icu-messageformat-parser': '@formatjs/icu-messageformat-parser/lib/no-parser.js' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true, // public/.gitkeep comes back with each build: Go embeds the folder in every checkout
    target: 'es2023',
    assetsInlineLimit: 0, // the content security policy allows no data: scripts, and few other things
    chunkSizeWarningLimit: 1200, // the design system; what crosses the wire is measured by the benchmark
  },
  server: {
    proxy: {
      '^/console/(api|session|stream|ca\\.pem)': { target: aikagi },
      '^/$': { target: aikagi },
    },
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          pool: 'threads',
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'component',
          include: ['src/**/*.test.tsx'],
          environment: 'jsdom',
          pool: 'threads',
          testTimeout: 120_000,
          setupFiles: ['src/testing/setup.ts'],
        },
      },
      {
        extends: true,
        test: { ...endToEnd, name: 'e2e', include: ['e2e/**/*.test.ts'], exclude: [many], maxWorkers: 4 },
      },
      // Hundreds of engines leave the machine nothing for other tests beside them.
      { extends: true, test: { ...endToEnd, name: 'many', include: [many] } },
    ],
  },
});
