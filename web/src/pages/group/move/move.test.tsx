import createWrapper from '@cloudscape-design/components/test-utils/dom';
import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ServiceError } from '../../../api/error';
import * as own from '../../../api/own';
import { newQueryClient } from '../../../data/client';
import { LanguageProvider } from '../../../i18n';
import { NoticesProvider } from '../../../shell/notices';
import { AddressPlan } from '.';
import { client, later, moving, openMove, resting } from './testing';

// The design system is slow without a real browser, and more so beside other tests.

let now: own.CacheMove;
beforeEach(() => {
  localStorage.setItem('aikagi-language', 'en');
  now = resting();
  vi.spyOn(own, 'describeMove').mockImplementation(async () => now);
  for (const action of ['moveCache', 'finishMove', 'cancelMove'] as const) {
    vi.spyOn(own, action).mockImplementation(async () => now);
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

const show = (kind: 'group' | 'cluster' = 'group') =>
  render(
    <QueryClientProvider client={newQueryClient()}>
      <LanguageProvider>
        <NoticesProvider>
          <AddressPlan cache={{ id: 'orders', kind }} />
        </NoticesProvider>
      </LanguageProvider>
    </QueryClientProvider>,
  );
const press = (name: string) => {
  const found = screen.getAllByText(name, { selector: 'button *' }).at(-1); // that of the dialog is last
  fireEvent.click(found as HTMLElement);
};
const moveTo = async (plan: string) => {
  await screen.findByText('Move to');
  const menu = createWrapper().findButtonDropdown();
  menu?.openDropdown();
  menu?.findItemById(plan)?.click();
};

it('moves a cache to one of the other plans, and shows why that is refused', async () => {
  vi.mocked(own.moveCache).mockRejectedValueOnce(new ServiceError('InvalidParameterCombination', 'Serve with it.'));
  show('cluster');
  await moveTo('host');
  expect(createWrapper().findButtonDropdown()?.findItemById('loopback')).toBeFalsy();
  expect(screen.getByText('Move orders to host?')).toBeTruthy();
  expect(own.moveCache).not.toHaveBeenCalled();
  press('Move');
  expect(await screen.findByText('Serve with it.')).toBeTruthy();
  press('Move');
  await waitFor(() => expect(own.moveCache).toHaveBeenCalledTimes(2));
  expect(own.moveCache).toHaveBeenLastCalledWith({ CacheClusterId: 'orders' }, { AddressPlan: 'host' });
  await waitFor(() => expect(screen.queryByText('Move orders to host?')).toBeNull());
});

it('has the old addresses closed after a time, whoever uses them', async () => {
  show();
  await moveTo('pool');
  const select = createWrapper().findModal()?.findContent().findSelect();
  select?.openDropdown();
  select?.selectOptionByValue('3600');
  expect(await screen.findByText('They are closed then even if clients still use them.')).toBeTruthy();
  press('Move');
  await waitFor(() =>
    expect(own.moveCache).toHaveBeenCalledWith(
      { ReplicationGroupId: 'orders' },
      { AddressPlan: 'pool', CloseAfter: '3600s' },
    ),
  );
});

it('shows both addresses, who is at which, and when the old ones close', async () => {
  const late = client('192.0.2.9', { Place: '10.0.0.7:7000', Shown: true, Connections: 0 });
  const CloseAt = later(3600);
  now = moving({
    Move: openMove({ CloseAt }),
    Clients: [client('127.0.0.1'), late],
    Complete: false,
    MissingNodes: [{ CacheClusterId: 'orders-002', Reason: 'it is stopped', Fact: undefined }],
  });
  show();
  expect(await screen.findByText(/both sets of addresses work/)).toBeTruthy();
  const [places, old, others] = createWrapper().findAllTables();
  expect(places?.getElement().textContent).toContain('10.0.0.7:7000');
  expect(old?.getElement().textContent).toMatch(
    /addresses of loopback \(1\+\).*127\.0\.0\.1.*127\.80\.0\.1:6379.*13now/,
  );
  expect(others?.getElement().textContent).toMatch(/addresses of host \(1\+\).*192\.0\.2\.9.*031 minute ago/);
  expect(screen.getByText(/^orders-002 could not be asked/)).toBeTruthy();
  const shown = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' }).format(CloseAt);
  expect(screen.getByText(shown.replace(/\s/g, ' '))).toBeTruthy(); // as what is found is read
  expect(screen.queryByText('Move to')).toBeNull();
});

it('finishes, and sends clients away only once they were seen to be in the way', async () => {
  now = moving({ Clients: [client('127.0.0.1')] });
  vi.mocked(own.finishMove).mockRejectedValueOnce(
    new ServiceError('InvalidParameterCombination', '127.0.0.1 is there.'),
  );
  show();
  await screen.findByText('Finish move');
  press('Finish move');
  await screen.findByText('Finish the move of orders?');
  expect(screen.queryByText('Close them anyway')).toBeNull();
  press('Finish');
  expect(await screen.findByText('127.0.0.1 is there.')).toBeTruthy();
  expect(own.finishMove).toHaveBeenCalledWith({ ReplicationGroupId: 'orders' }, { Quiet: '600s', Force: false });
  expect(screen.getByText(/^Connections at the addresses of loopback are closed within a second/)).toBeTruthy();
  fireEvent.click(screen.getByText('Close them anyway'));
  press('Finish');
  await waitFor(() => expect(own.finishMove).toHaveBeenCalledTimes(2));
  expect(own.finishMove).toHaveBeenLastCalledWith({ ReplicationGroupId: 'orders' }, { Quiet: '600s', Force: true });
});

it('does not offer force against another refusal, and can keep both', async () => {
  now = moving();
  vi.mocked(own.cancelMove).mockRejectedValue(new ServiceError('InvalidReplicationGroupState', 'It is busy.'));
  show();
  await screen.findByText('Cancel move');
  press('Cancel move');
  await screen.findByText('Cancel the move of orders?');
  press('Cancel move');
  expect(await screen.findByText('It is busy.')).toBeTruthy();
  expect(screen.queryByText('Close them anyway')).toBeNull();
  press('Keep both');
  await waitFor(() => expect(screen.queryByText('Cancel the move of orders?')).toBeNull());
});

it('asks again by itself while a move is on', async () => {
  now = moving({ Status: 'modifying', Move: openMove({ State: 'opening', OpenedAt: undefined }) });
  show();
  expect(await screen.findByText(/the new addresses are being opened/)).toBeTruthy();
  expect(screen.getByText('Finish move').closest('button')?.getAttribute('aria-disabled')).toBe('true');
  now = resting({ AddressPlan: 'host' });
  expect(await screen.findByText('Move to', {}, { timeout: 60_000 })).toBeTruthy();
  expect(screen.queryByText('Finish move')).toBeNull();
});
