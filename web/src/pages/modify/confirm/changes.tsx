import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { TokenPreview } from '../../../api/own';
import { sayVersion } from '../../../cache/upgrades';
import { sayWindow } from '../../../cache/window';
import { labelled } from '../../../components/labelled';
import { useSecurity } from '../../../data/security';
import { useLanguage, useText } from '../../../i18n';
import { nothing } from '../../../i18n/format';
import { modifyWords } from '../../../i18n/modify';
import { usePageText } from '../../../i18n/page-text';
import type { Plan, SettingChange, Value } from '../plan';
import { none } from './picture';

interface ChangesProps {
  plan: Plan;
  window: string; // the maintenance window
  preview: TokenPreview | undefined;
}

interface Line {
  what: string;
  from: string;
  to: string;
}

/** Everything that is asked for, old value and new. */
export function Changes({ plan, window, preview }: ChangesProps) {
  const { language } = useLanguage();
  const modify = usePageText(modifyWords);
  const lines = useLines(plan, preview);
  return (
    <Container
      header={
        <Header variant="h2" description={plan.later ? modify.inWindow(sayWindow(window, language)) : modify.atOnce}>
          {modify.changes}
        </Header>
      }
    >
      <Table
        variant="embedded"
        wrapLines
        ariaLabels={{ tableLabel: modify.changes }}
        items={lines}
        empty={modify.nothingChanged}
        columnDefinitions={labelled<Line>([
          { id: 'what', header: modify.what, cell: (line) => line.what, isRowHeader: true },
          { id: 'from', header: modify.from, cell: (line) => line.from },
          { id: 'to', header: modify.to, cell: (line) => line.to },
        ])}
      />
    </Container>
  );
}

function useLines({ settings, token }: Plan, preview: TokenPreview | undefined): Line[] {
  const { common, caches, group } = useText();
  const modify = usePageText(modifyWords);
  const { language } = useLanguage();
  const { data: known } = useSecurity();
  const nameOf = (id: string) => {
    const name = known?.groups.find((g) => g.SecurityGroupId === id)?.GroupName;
    return name ? `${name} (${id})` : id;
  };
  const say = ({ setting }: SettingChange, value: Value): string => {
    if (Array.isArray(value)) return value.map(nameOf).join(modify.and) || common.none;
    if (typeof value === 'boolean') return value ? common.enabled : common.disabled;
    if (setting === 'version') return sayVersion(value, caches.engines);
    if (setting === 'discovery') return group.networkTypes[value] ?? value;
    if (setting === 'maintenanceWindow') return sayWindow(value, language);
    return value || nothing;
  };
  const refused = preview && preview.After.length === 0;
  const set = (credentials: { Fingerprint: string }[] = []) =>
    credentials
      .map(({ Fingerprint: f }) => (f === none ? common.credential.none : common.credential.token(f)))
      .join(modify.and) || nothing;
  return [
    ...(token
      ? [
          {
            what: modify.tokenChange[token.strategy],
            from: set(preview?.Before),
            to: refused ? modify.unmodified : set(preview?.After),
          },
        ]
      : []),
    ...settings.map((change) => ({
      what: modify.setting[change.setting],
      from: say(change, change.from),
      to: say(change, change.to),
    })),
  ];
}
