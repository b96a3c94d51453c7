import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Client, Rotation } from '../../api/own';
import { Say } from '../../facts/use-tell';
import { nameOf } from './clients';
import { brownoutFound } from './progress';
import { useWords } from './words';

/** What its owner should know of a rotation: what holds it up, who was refused, notes. */
export function Findings({ rotation: r }: { rotation: Rotation }) {
  const { text } = useWords();
  const back = r.State === 'rolling-back' || r.State === 'rolled-back';
  const found = r.State === 'waiting' && brownoutFound(r);
  const requested = requestedText();
  if (!r.Problem && !r.Reason && !back && !found && r.Notes.length === 0 && !requested) return null;

  function requestedText(): string {
    const { requested: say } = text.actions;
    if (r.Over) return '';
    if (r.FinishRequested && r.State === 'awaiting-tls') return text.secure.requested;
    if (r.FinishRequested && r.State === 'waiting') return say.finish;
    if (r.CancelRequested) return say.cancel;
    return r.RollBackRequested ? say.rollBack : '';
  }

  // Empty texts would be children, and take room.
  return (
    <SpaceBetween size="s">
      {Boolean(r.Problem) && (
        <Alert type="warning" header={text.problem}>
          <Say fact={r.ProblemFact} english={r.Problem} whole />
        </Alert>
      )}
      {(found || back) && r.Culprits.length + r.RefusedLogins > 0 && (
        <Alert type={back ? 'error' : 'warning'} header={back ? text.culprits.rolledBack : text.culprits.brownout}>
          <Culprits rotation={r} />
        </Alert>
      )}
      {Boolean(r.Reason) && (
        <Alert type={r.State === 'failed' ? 'error' : 'info'} header={text.reason}>
          <Say fact={r.ReasonFact} english={r.Reason} whole />
        </Alert>
      )}
      {Boolean(requested) && <Alert type="info">{requested}</Alert>}
      {r.Notes.length > 0 && (
        <Alert type="info" header={text.notes}>
          {r.Notes.map((note, i) => (
            <div key={note}>
              <Say fact={r.NoteFacts[i]} english={note} whole />
            </div>
          ))}
        </Alert>
      )}
    </SpaceBetween>
  );
}

/** Who was refused, and how often. */
export function Culprits({ rotation: r }: { rotation: Rotation }) {
  const { text, formats } = useWords();
  const { culprits: say } = text;
  const line = (c: Client) => `${nameOf(c, text.clients.formerly)}: ${say.count(c.Refused, formats.number(c.Refused))}`;
  if (r.Culprits.length === 0) {
    return (
      <>
        {say.count(r.RefusedLogins, formats.number(r.RefusedLogins))}. {say.unknown}
      </>
    );
  }
  return (
    <ul>
      {r.Culprits.map((c) => (
        <li key={line(c)}>{line(c)}</li>
      ))}
    </ul>
  );
}
