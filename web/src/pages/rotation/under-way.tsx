import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Access, Metrics, Rotation, Usage } from '../../api/own';
import { CredentialConnectionsChart } from '../../components/credential-chart';
import { Credentials } from './credentials';
import { Figures } from './figures';
import { Findings } from './findings';
import { Headline } from './headline';
import { LeftOnOld } from './left';
import { Plan } from './plan';
import { Stepper } from './stepper';
import { Story } from './story';
import { useWords } from './words';

export interface UnderWayProps {
  access: Access;
  rotation: Rotation;
  usage: Usage | undefined;
  heardAt: number; // of the usage
  metrics: Metrics | undefined;
}

/** A rotation live. */
export function UnderWay({ access, rotation, usage, heardAt, metrics }: UnderWayProps) {
  const { text } = useWords();
  return (
    <SpaceBetween size="l">
      <Container>
        <SpaceBetween size="l">
          <Headline rotation={rotation} />
          <Figures rotation={rotation} usage={usage} heardAt={heardAt} />
          <Stepper rotation={rotation} />
        </SpaceBetween>
      </Container>
      <Findings rotation={rotation} />
      <Container
        header={
          <Header variant="h2" description={text.chart.description}>
            {text.chart.title}
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
      <Credentials access={access} usage={usage} />
      <Container header={<Header variant="h2">{text.plan.title}</Header>}>
        <Plan how={rotation} finishOnly={rotation.FinishOnly} />
      </Container>
      <Container header={<Header variant="h2">{text.timeline.title}</Header>}>
        <Story rotation={rotation} />
      </Container>
    </SpaceBetween>
  );
}
