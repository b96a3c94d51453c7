import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import Steps from '@cloudscape-design/components/steps';
import type { Rotation } from '../../api/own';
import { type Happening, timelineOf } from './timeline';
import { useWords, type Words } from './words';

const looks: Partial<Record<Happening, StatusIndicatorProps.Type>> = {
  brownoutFound: 'warning',
  'offering-tls': 'in-progress',
  'requiring-tls': 'in-progress',
  rotating: 'in-progress',
  brownout: 'in-progress',
  setting: 'in-progress',
  'rolling-back': 'in-progress',
  cancelling: 'in-progress',
  finishRequested: 'info',
  cancelRequested: 'info',
  rollBackRequested: 'info',
  'rolled-back': 'warning',
  cancelled: 'stopped',
  failed: 'error',
};

/** What happened in a rotation, line by line. */
export function Story({ rotation: r }: { rotation: Rotation }) {
  const words = useWords();
  return (
    <Steps
      ariaLabel={words.text.timeline.title}
      steps={timelineOf(r).map(({ what, at }) => ({
        status: looks[what] ?? 'success',
        header: textOf(what, r, words),
        details: at && words.formats.dateTime(at),
      }))}
    />
  );
}

function textOf(what: Happening, r: Rotation, { text, credential }: Words): string {
  const { timeline: say } = text;
  switch (what) {
    case 'begun':
      return say.begun(r.RotationId);
    case 'rotated':
      return say.rotated(credential(r.NewCredential), credential(r.OldCredential));
    case 'delivered':
      return say.delivered(r.Delivery);
    case 'set':
      return say.set(credential(r.NewCredential));
    case 'tlsOffered':
    case 'tlsRequired':
      return text.secure.timeline[what];
    case 'brownoutFound':
    case 'brownoutPassed':
    case 'finishRequested':
    case 'cancelRequested':
    case 'rollBackRequested':
      return say[what];
    default:
      return text.state[what];
  }
}
