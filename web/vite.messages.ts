import type { Plugin } from 'vite';

/**
 * Components of the design system that the console does not have. Their texts, in both
 * languages, are more than half of all that the design system can say.
 */
const absent = [
  'annotation-context',
  'app-layout',
  'autosuggest',
  'calendar',
  'cards',
  'code-editor',
  'collection-preferences',
  'date-picker',
  'date-range-picker',
  'drawer',
  'error-boundary',
  'features-notification-drawer',
  'file-token-group',
  'file-upload',
  'help-panel',
  'list',
  'panel-resize-handle',
  'pie-chart',
  'prompt-input',
  'property-filter',
  's3-resource-selector',
  'slider',
  'split-panel',
  'tag-editor',
  'tree-view',
  'tutorial-panel',
  'wizard',
];

type Messages = Record<string, Record<string, Record<string, unknown>>>;

/** Leaves those texts out of the build, and fails it when one of the components is used after all. */
export function usedMessages(): Plugin {
  return {
    name: 'used-messages',
    apply: 'build',
    transform(code, id) {
      if (!/\/i18n\/messages\/all\.\w+\.js$/.test(id)) return;
      const all: Messages = JSON.parse(code.slice(code.indexOf('{'), code.lastIndexOf('}') + 1));
      for (const texts of Object.values(all).flatMap((languages) => Object.values(languages))) {
        for (const component of absent) delete texts[component];
      }
      return { code: `export default ${JSON.stringify(all)}`, map: null };
    },
    buildEnd() {
      for (const id of this.getModuleIds()) {
        const component = id.match(/@cloudscape-design\/components\/([^/]+)\/index\.js$/)?.[1];
        if (component && absent.includes(component)) {
          this.error(`${component} is used now: take it off the list in vite.messages.ts, or it has no texts`);
        }
      }
    },
  };
}
