import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { renew } from './renew';

test('what is read for the first time while it changes is read once more', async () => {
  const client = new QueryClient();
  const answers: ((value: string) => void)[] = [];
  const queryFn = () => new Promise<string>((resolve) => answers.push(resolve));
  const observer = new QueryObserver(client, { queryKey: ['of', 'orders'], queryFn, retry: false });
  const stop = observer.subscribe(() => {});
  expect(answers).toHaveLength(1);

  const renewed = renew(client, { queryKey: ['of', 'orders'] });
  answers[0]?.('before the change');
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.('after it');
  await renewed;
  expect(client.getQueryData(['of', 'orders'])).toBe('after it');

  // What is there is read once, and at once.
  const again = renew(client, { queryKey: ['of'] });
  await vi.waitFor(() => expect(answers).toHaveLength(3));

  // However much changes meanwhile, that reading comes to its end, and one more answers for all.
  const more = [renew(client), renew(client), renew(client, { queryKey: ['of'] })];
  answers[2]?.('later');
  await again;
  expect(client.getQueryData(['of', 'orders'])).toBe('later');
  await vi.waitFor(() => expect(answers).toHaveLength(4));
  answers[3]?.('last');
  await Promise.all(more);
  expect(client.getQueryData(['of', 'orders'])).toBe('last');
  expect(answers).toHaveLength(4);
  stop();
});
