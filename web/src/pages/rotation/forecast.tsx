import { secondsOf } from '../../cache/durations';
import type { Transit } from '../../cache/transit';
import { isComplete, targetOf } from './delivery';
import type { Finish, How } from './how';
import { useWords, type Words } from './words';

interface ForecastProps {
  how: How;
  old: string; // the credential that is to end
  fresh?: string; // the one that stays, if there is one already
  transit?: Transit; // how clients connect; TLS is required first
}

/** What will happen, step by step, before it is begun. */
export function Forecast({ how, old, fresh, transit = 'required' }: ForecastProps) {
  const words = useWords();
  return (
    <ol>
      {[...forecastTls(how, transit, words), ...forecast(how, old, fresh, words)].map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ol>
  );
}

/** How the group comes to require TLS. */
function forecastTls(how: How, transit: Transit, words: Words): string[] {
  const { steps: say } = words.text.secure;
  if (transit === 'required') return [];
  return [transit === 'none' ? say.offer : say.offered, waitText(how, words, say), say.require];
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
  lines.push(waitText(how, words, say));
  if (secondsOf(how.brownout)) lines.push(say.brownout(duration(how.brownout)));
  lines.push(secondsOf(how.evictOver) ? say.evict(duration(how.evictOver)) : say.stay);
  if (how.rollBack === 'over') lines.push(say.over(duration(how.grace), how.over));
  else lines.push(say[how.rollBack](duration(how.grace)));
  return lines;
}

type WaitWords = Pick<Words['text']['how']['steps'], Finish>;

function waitText(how: How, { duration }: Words, say: WaitWords): string {
  if (how.finish === 'ask') return say.ask;
  if (how.finish === 'quiet') return say.quiet(duration(how.quiet));
  if (how.finish === 'deadline') return say.deadline(duration(how.deadline));
  return say.both(duration(how.quiet), duration(how.deadline));
}
