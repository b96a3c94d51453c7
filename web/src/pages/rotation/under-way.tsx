import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Access, Metrics, Rotation, TransitUsage, Usage } from '../../api/own';
import { CredentialConnectionsChart } from '../../components/credential-chart';
import { Credentials } from './credentials';
import { Figures } from './figures';
import { Findings } from './findings';
import { Headline } from './headline';
import { LeftInPlaintext, LeftOnOld } from './left';
import { Plan } from './plan';
import { isSecuring } from './progress';
import { Stepper } from './stepper';
import { Story } from './story';
import { TlsFigures } from './tls-figures';
import { useWords } from './words';

/** What the nodes told, and when that was heard. */
export interface Heard<T> {
  data: T | undefined;
  dataUpdatedAt: number;
}

export interface UnderWayProps {
  access: Access;
  rotation: Rotation;
  usage: Heard<Usage>;
  transit: Heard<TransitUsage>; // only while the group comes to require TLS
  metrics: Metrics | undefined;
}

/** A rotation live. */
export function UnderWay({ access, rotation, usage, transit, metrics }: UnderWayProps) {
  const { text } = useWords();
  const securing = isSecuring(rotation);
  return (
    <SpaceBetween size="l">
      <Container>
        <SpaceBetween size="l">
          <Headline rotation={rotation} />
          {securing ? (
            <TlsFigures rotation={rotation} transit={transit.data} heardAt={transit.dataUpdatedAt} />
          ) : (
            <Figures rotation={rotation} usage={usage.data} heardAt={usage.dataUpdatedAt} />
          )}
          <Stepper rotation={rotation} />
        </SpaceBetween>
      </Container>
      <Findings rotation={rotation} />
      {/* Until there is a token, everybody is on the old credential. */}
      {securing ? (
        <LeftInPlaintext rotation={rotation} transit={transit.data} />
      ) : (
        <OnOldAndNew rotation={rotation} usage={usage.data} metrics={metrics} />
      )}
      <Credentials access={access} usage={usage.data} />
      <Container header={<Header variant="h2">{text.plan.title}</Header>}>
        <Plan how={rotation} finishOnly={rotation.FinishOnly} />
      </Container>
      <Container header={<Header variant="h2">{text.timeline.title}</Header>}>
        <Story rotation={rotation} />
      </Container>
    </SpaceBetween>
  );
}

type OnOldAndNewProps = Pick<UnderWayProps, 'rotation' | 'metrics'> & { usage: Usage | undefined };

function OnOldAndNew({ rotation, usage, metrics }: OnOldAndNewProps) {
  const { chart } = useWords().text;
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h2" description={chart.description}>
            {chart.title}
          </Header>
        }
      >
        <CredentialConnectionsChart
          metrics={metrics}
          old={rotation.OldCredential}
          new={rotation.NewCredential}
          height={220}
        />
      </Container>
      <LeftOnOld rotation={rotation} usage={usage} />
    </SpaceBetween>
  );
}
