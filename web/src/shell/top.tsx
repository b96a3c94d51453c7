import TopNavigation, { type TopNavigationProps } from '@cloudscape-design/components/top-navigation';
import { useQueryClient } from '@tanstack/react-query';
import { type Session, signOut } from '../api/session';
import { keys } from '../data/keys';
import { type Language, languages, useFormats, useLanguage, useText } from '../i18n';
import { href, paths } from '../paths';
import { type Appearance, appearances, useAppearance } from './appearance';
import { useFollow } from './follow';
import { useNotices } from './notices';

/** The bar at the top: where one is, the language, light or dark, and the way out. */
export function Top({ session }: { session: Session | null }) {
  const text = useText();
  const follow = useFollow();
  const language = useLanguageMenu();
  const appearance = useAppearanceMenu();
  const account = useSessionMenu(session);
  return (
    <div id="top">
      <TopNavigation
        identity={{ href: href(paths.caches), title: text.common.product, onFollow: follow }}
        utilities={[language, appearance, ...account]}
      />
    </div>
  );
}

type Menu = TopNavigationProps.MenuDropdownUtility;

function useLanguageMenu(): Menu {
  const text = useText();
  const { language, setLanguage } = useLanguage();
  const items = Object.entries(languages).map(([id, name]) => ({
    id,
    text: name,
    lang: id,
    itemType: 'checkbox' as const,
    checked: id === language,
  }));
  return {
    type: 'menu-dropdown',
    iconName: 'globe',
    text: languages[language],
    ariaLabel: `${text.common.language}: ${languages[language]}`,
    items,
    onItemClick: ({ detail }) => setLanguage(detail.id as Language),
  };
}

function useAppearanceMenu(): Menu {
  const text = useText();
  const [appearance, setAppearance] = useAppearance();
  return {
    type: 'menu-dropdown',
    iconName: 'settings',
    ariaLabel: text.common.appearance,
    title: text.common.appearance,
    items: appearances.map((id) => ({
      id,
      text: text.common[id],
      itemType: 'checkbox' as const,
      checked: id === appearance,
    })),
    onItemClick: ({ detail }) => setAppearance(detail.id as Appearance),
  };
}

function useSessionMenu(session: Session | null): Menu[] {
  const text = useText();
  const formats = useFormats();
  const client = useQueryClient();
  const { tell } = useNotices();
  if (!session) return [];
  const leave = async () => {
    try {
      await signOut();
      client.setQueryData(keys.session, null);
    } catch {
      tell('error', text.common.notSignedOut);
    }
  };
  return [
    {
      type: 'menu-dropdown',
      iconName: 'user-profile',
      ariaLabel: text.common.session,
      title: text.common.signedInAs(session.caller),
      description: text.common.sessionEnds(formats.dateTime(new Date(session.expiresAt))),
      items: [{ id: 'sign-out', text: text.common.signOut }],
      onItemClick: leave,
    },
  ];
}
