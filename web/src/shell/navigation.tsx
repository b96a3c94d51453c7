import { Link, useLocation } from 'wouter';
import { useNarrow } from '../components/narrow';
import { useText } from '../i18n';
import { paths } from '../paths';

/** As wide as console.css has it beside the page. */
const narrow = 1100; // pixels

/** Where each section begins, and what else is in it. */
const sections = [
  { name: 'caches', path: paths.caches, within: /^\/(caches|create|modify|rotation)?(\/|$)/ },
  { name: 'parameters', path: paths.parameters, within: /^\/(compare-)?parameter-groups(\/|$)/ },
  { name: 'subnets', path: paths.subnets, within: /^\/subnet-groups(\/|$)/ },
  { name: 'security', path: paths.security, within: /^\/security-groups(\/|$)/ },
  { name: 'maintenance', path: paths.maintenance, within: /^\/maintenance(\/|$)/ },
] as const;

/**
 * The sections of the console, beside the page; where there is no room, behind a button above it. The design system's own
 * navigation would be loaded with the first page for it.
 */
export function Navigation() {
  const { navigation: words } = useText();
  const [path] = useLocation();
  const list = (
    <ul>
      {sections.map(({ name, path: begin, within }) => (
        <li key={name}>
          <Link href={begin} aria-current={path === begin ? 'page' : within.test(path) ? 'true' : undefined}>
            {words[name]}
          </Link>
        </li>
      ))}
    </ul>
  );
  return (
    <nav className="navigation" aria-label={words.title}>
      {useNarrow(narrow) ? (
        <details key={path}>
          <summary>{words.menu}</summary>
          {list}
        </details>
      ) : (
        list
      )}
    </nav>
  );
}
