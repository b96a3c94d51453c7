import { secondsOf } from '../../cache/durations';
import { isComplete, targetOf } from './delivery';
import type { How } from './how';
import { useWords, type Words } from './words';

interface ForecastProps {
  how: How;
  old: string; // the credential that is to end
  fresh?: string; // the one that stays, if there is one already
}

/** What will happen, step by step, before it is begun. */
export function Forecast({ how, old, fresh }: ForecastProps) {
  const words = useWords();
  return (
    <ol>
      {forecast(how, old, fresh, words).map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ol>
  );
}

export function forecast(how: How, old: string, fresh: string | undefined, words: Words): string[] {
  const { text, credential, duration } = words;
  const { steps: say } = text.how;
  const lines = fresh
    ? [say.adopt(credential(old), credential(fresh))]
    : [
        say.make(credential(old)),
        isComplete(how.delivery) ? say.deliver(targetOf(how.delivery)) : say.deliverSomewhere,
      ];
  lines.push(waitText(how, words));
  if (secondsOf(how.brownout)) lines.push(say.brownout(duration(how.brownout)));
  lines.push(secondsOf(how.evictOver) ? say.evict(duration(how.evictOver)) : say.stay);
  if (how.rollBack === 'over') lines.push(say.over(duration(how.grace), how.over));
  else lines.push(say[how.rollBack](duration(how.grace)));
  return lines;
}

function waitText(how: How, { text, duration }: Words): string {
  const { steps: say } = text.how;
  if (how.finish === 'ask') return say.ask;
  if (how.finish === 'quiet') return say.quiet(duration(how.quiet));
  if (how.finish === 'deadline') return say.deadline(duration(how.deadline));
  return say.both(duration(how.quiet), duration(how.deadline));
}
