import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { Rotation, RotationSchedule } from '../../api/own';
import { secondsOf } from '../../cache/durations';
import { backText, finishText, useWords } from './words';

/** How a rotation was asked for. */
export function Plan({ how, finishOnly = false }: { how: Rotation | RotationSchedule; finishOnly?: boolean }) {
  const words = useWords();
  const { plan, secure } = words.text;
  const underWay = 'Over' in how && !how.Over;
  const orNone = (written: string, say = (d: string) => d, none = plan.none) =>
    secondsOf(written) ? say(words.duration(written)) : none;
  return (
    <KeyValuePairs
      columns={3}
      minColumnWidth={200}
      items={[
        { label: plan.delivery, value: finishOnly ? plan.nothing : how.Delivery },
        ...('Secure' in how && how.Secure
          ? [{ label: secure.plan.ends, value: finishText(how.Finish, words, secure.plan.deadline) }]
          : []),
        { label: plan.finish, value: finishText(how.Finish, words) },
        { label: plan.brownout, value: orNone(how.Brownout) },
        { label: plan.open, value: orNone(how.EvictOver, plan.evict, underWay ? plan.stayNow : plan.stay) },
        { label: plan.grace, value: words.duration(how.Grace) },
        { label: plan.back, value: backText(how.RollBackOver, words) },
      ]}
    />
  );
}
