import { QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, it, vi } from 'vitest';
import * as own from '../../api/own';
import { newQueryClient } from '../../data/client';
import { pending } from '../../testing/pending';
import { emptyPreview } from './testing';
import { usePreview } from './use-preview';

it('shows the answer to the last question, whichever comes last', async () => {
  vi.spyOn(own, 'describeAccess').mockResolvedValue({ Credentials: [] } as never);
  vi.spyOn(own, 'describeMetrics').mockResolvedValue({ ReplicationGroupId: 'orders', AsOf: new Date(), Nodes: [] });
  const ask = vi.spyOn(own, 'previewTokenChange').mockResolvedValue(emptyPreview);
  const client = newQueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(() => usePreview('orders', { strategy: 'SET', token: 'a-token-of-the-shop' }), {
    wrapper,
  });
  await waitFor(() => expect(result.current.preview).toBe(emptyPreview));
  await waitFor(() => expect(client.isMutating() + client.isFetching()).toBe(0));

  const [question, check] = [pending<own.TokenPreview>(), pending<own.TokenPreview>()];
  ask.mockReturnValueOnce(question.promise).mockReturnValueOnce(check.promise);
  act(() => result.current.ask());
  act(() => result.current.confirm(() => {}));
  await waitFor(() => expect(result.current.confirming).toBe(true));

  const changed = { ...emptyPreview, Ends: 'aaaaaaaaaaaa' };
  await act(async () => check.resolve(changed));
  await waitFor(() => expect(result.current.preview).toBe(changed));
  await act(async () => question.resolve({ ...emptyPreview }));
  await waitFor(() => expect(client.isMutating()).toBe(0));
  expect(result.current.preview).toBe(changed);
});
