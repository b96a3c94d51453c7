import { ModifyReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import { QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { elasticache } from '../../../api/elasticache';
import { UnreachableError } from '../../../api/error';
import * as own from '../../../api/own';
import { newQueryClient } from '../../../data/client';
import { keys } from '../../../data/keys';
import { LanguageProvider } from '../../../i18n';
import { pending } from '../../../testing/pending';
import { groupSubject, type Plan } from '../plan';
import { emptyPreview } from '../testing';
import { Confirm } from '.';

const token = 'a-token-of-the-shop';
const first = { Fingerprint: 'aaaaaaaaaaaa', AddedAt: undefined };
const second = { Fingerprint: 'bbbbbbbbbbbb', AddedAt: undefined };
const ending = {
  ...emptyPreview,
  Before: [first, second],
  After: [second],
  Ends: first.Fingerprint,
  UsageComplete: true,
};
const plan: Plan = { settings: [], token: { strategy: 'SET', token } };

const send = vi.spyOn(elasticache, 'send');
const sent = () => send.mock.calls.filter(([command]) => command instanceof ModifyReplicationGroupCommand).length;
const preview = vi.spyOn(own, 'previewTokenChange');

beforeEach(() => {
  localStorage.setItem('aikagi-language', 'en');
  send.mockReset().mockImplementation(async () => ({}));
  preview.mockReset().mockResolvedValue(ending);
  vi.spyOn(own, 'describeAccess').mockResolvedValue({ Credentials: [first, second] } as never);
  vi.spyOn(own, 'describeMetrics').mockResolvedValue({ ReplicationGroupId: 'orders', AsOf: new Date(), Nodes: [] });
});

/** Shows the confirmation of a SET, up to what the service foresees. To leave it takes it away. */
async function show() {
  const client = newQueryClient();
  const { hook } = memoryLocation({ path: '/modify/orders' });
  const leave = () => page.rerender(<p>elsewhere</p>);
  const subject = groupSubject({ ReplicationGroupId: 'orders', Status: 'available' }, undefined);
  const page = render(
    <QueryClientProvider client={client}>
      <LanguageProvider>
        <Router hook={hook}>
          <Confirm subject={subject} plan={plan} onBack={leave} onCancel={leave} onRotateFirst={leave} />
        </Router>
      </LanguageProvider>
    </QueryClientProvider>,
  );
  await screen.findByText(/^Nobody uses it/);
  await waitFor(() => expect(client.isMutating()).toBe(0));
  return { client, page };
}

// By text: to find roles takes seconds here.
const button = (name: string) => screen.getByText(name, { selector: 'button *' }).closest('button') as HTMLElement;
const press = (name: string) => fireEvent.click(button(name));

it.each(['Cancel', 'Previous', 'elsewhere'])('sends nothing after one has left by %s', async (way) => {
  const { page } = await show();
  const again = pending<own.TokenPreview>();
  preview.mockReturnValue(again.promise);
  const asked = preview.mock.calls.length;
  press('Modify');
  await waitFor(() => expect(preview).toHaveBeenCalledTimes(asked + 1));
  if (way === 'elsewhere') page.unmount();
  else press(way);
  await act(async () => again.resolve(ending));
  expect(sent()).toBe(0);
});

it('cannot be left by its buttons while the change is sent', async () => {
  await show();
  const answer = pending<object>();
  send.mockReturnValue(answer.promise as never);
  expect(button('Cancel')).toHaveProperty('disabled', false);
  press('Modify');
  await waitFor(() => expect(sent()).toBe(1));
  for (const name of ['Cancel', 'Previous']) expect(button(name)).toHaveProperty('disabled', true);
  await act(async () => answer.resolve({}));
  await waitFor(() => expect(button('Cancel')).toHaveProperty('disabled', false));
});

it('tells that it could not be checked, and goes on saying so with the next news', async () => {
  const { client } = await show();
  preview.mockRejectedValueOnce(new UnreachableError('stopped'));
  press('Modify');
  const said = 'The effect of this change could not be checked again, so the request was not sent';
  await screen.findByText(said);
  const asked = preview.mock.calls.length;
  await act(() => client.invalidateQueries({ queryKey: keys.aspect('orders', 'metrics') }));
  await waitFor(() => expect(preview).toHaveBeenCalledTimes(asked + 1));
  expect(screen.getByText(said)).toBeTruthy();
  expect(screen.queryByText(/Something has changed since this was shown/)).toBeNull();
  expect(sent()).toBe(0);
  press('Modify');
  await waitFor(() => expect(sent()).toBe(1));
  expect(screen.queryByText(said)).toBeNull();
});

it('does not call a change refused to which no answer came', async () => {
  await show();
  send.mockRejectedValue(new UnreachableError('stopped'));
  press('Modify');
  expect(await screen.findByText('There was no answer: the request may have been carried out')).toBeTruthy();
  expect(screen.queryByText('The request was refused')).toBeNull();
});
