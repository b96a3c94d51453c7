import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Rotation } from '../../api/own';
import { Code } from '../../components/copy';
import { Culprits, Findings } from './findings';
import { Plan } from './plan';
import { Story } from './story';
import { useWords } from './words';

/** All that is kept of a rotation. */
export function Receipt({ rotation: r }: { rotation: Rotation }) {
  const { text, formats, label } = useWords();
  const { receipt: say } = text;
  const took = r.StartedAt && r.EndedAt && (+r.EndedAt - +r.StartedAt) / 1000;
  const blamed = r.State === 'rolled-back'; // then the findings name them
  return (
    <SpaceBetween size="l">
      <Findings rotation={r} />
      <KeyValuePairs
        columns={3}
        minColumnWidth={200}
        items={[
          { label: say.old, value: label(r.OldCredential) },
          { label: say.fresh, value: r.NewCredential ? label(r.NewCredential) : say.notMade },
          { label: say.cause, value: say.causes[r.Cause] ?? r.Cause },
          { label: say.took, value: took === undefined ? '–' : formats.duration(Math.round(took)) },
          { label: say.refused, value: formats.number(r.RefusedLogins) },
          { label: say.evicted, value: formats.number(r.EvictedConnections) },
          { label: say.id, value: <Code>{r.RotationId}</Code> },
          ...(r.Culprits.length > 0 && !blamed
            ? [{ label: text.culprits.title, value: <Culprits rotation={r} /> }]
            : []),
        ]}
      />
      <Plan how={r} finishOnly={r.FinishOnly} />
      <Story rotation={r} />
    </SpaceBetween>
  );
}
