// @vitest-environment jsdom
import { ModifyReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { elasticache } from './elasticache';
import { UnreachableError } from './error';
import { describeAccess } from './own';

const broken = () => new ReadableStream({ start: (controller) => controller.error(new TypeError('network error')) });

beforeEach(() => void vi.stubGlobal('fetch', vi.fn()));
afterEach(() => void vi.unstubAllGlobals());

test.each([
  ['that does not come', () => Promise.reject(new TypeError('refused'))],
  ['that breaks off', () => Promise.resolve(new Response(broken()))],
])('an answer %s is none', async (_, answer) => {
  vi.mocked(fetch).mockImplementation(answer);
  await expect(describeAccess('orders')).rejects.toThrow(UnreachableError);
  const change = new ModifyReplicationGroupCommand({ ReplicationGroupId: 'orders' });
  await expect(elasticache.send(change)).rejects.toThrow(UnreachableError);
  expect(fetch).toHaveBeenCalledTimes(2); // a change is not sent again by itself
});
