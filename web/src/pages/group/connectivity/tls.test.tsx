import { ModifyReplicationGroupCommand, type ReplicationGroup } from '@aws-sdk/client-elasticache';
import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { elasticache } from '../../../api/elasticache';
import { ServiceError } from '../../../api/error';
import * as own from '../../../api/own';
import { newQueryClient } from '../../../data/client';
import { LanguageProvider } from '../../../i18n';
import { accessWith, client, transitWith } from '../../rotation/testing';
import { Tls } from './tls';

vi.mock('./ca', () => ({ caPath: '/console/ca.pem', caFingerprint: async () => '0A:1B' }));

// The design system is slow without a real browser, and more so beside other tests.

const none: ReplicationGroup = { ReplicationGroupId: 'orders', Status: 'available', TransitEncryptionEnabled: false };
const preferred: ReplicationGroup = { ...none, TransitEncryptionEnabled: true, TransitEncryptionMode: 'preferred' };
const required: ReplicationGroup = { ...none, TransitEncryptionEnabled: true, TransitEncryptionMode: 'required' };
const open = accessWith({ Credentials: [{ Fingerprint: 'NONE', AddedAt: undefined }] });
const worker = client({ Name: 'worker-3', Connections: 2 });
const forecast = transitWith({}).OnRequired;

const asked = vi.fn();
let complaints: string[];
beforeEach(() => {
  complaints = [];
  vi.spyOn(console, 'error').mockImplementation((...about) => complaints.push(about.join(' ').slice(0, 200)));
  localStorage.setItem('aikagi-language', 'en');
  asked.mockReset();
  vi.spyOn(elasticache, 'send').mockImplementation(async (command: unknown) => {
    if (command instanceof ModifyReplicationGroupCommand) return asked(command.input);
    return {};
  });
  vi.spyOn(own, 'describeTransitUsage').mockResolvedValue(transitWith({}));
});
afterEach(() => {
  vi.restoreAllMocks();
  expect(complaints).toEqual([]);
});

function show(group: ReplicationGroup, access = open) {
  const { hook } = memoryLocation({ path: '/caches/orders/connectivity' });
  render(
    <QueryClientProvider client={newQueryClient()}>
      <LanguageProvider>
        <Router hook={hook}>
          <Tls group={group} access={access} />
        </Router>
      </LanguageProvider>
    </QueryClientProvider>,
  );
}

const button = (name: string) => screen.getByText(name, { selector: 'button *' }).closest('button') as HTMLElement;
const isDisabled = (name: string) => button(name).getAttribute('aria-disabled') === 'true';
const confirm = (name: string) => {
  const inDialog = screen.getAllByText(name, { selector: 'button *' }).at(-1);
  fireEvent.click(inDialog as HTMLElement);
};

it.each([
  [none, 'Offer TLS', /^Every node accepts TLS alongside plaintext/, true, 'preferred'],
  [preferred, 'Require TLS', /Plaintext connections are closed within 1 second/, true, 'required'],
  [preferred, 'Turn encryption off', /TLS connections are closed within 1 second/, false, undefined],
  [required, 'Accept plaintext again', /can be read on the network/, true, 'preferred'],
] as const)('%#: says what "%s" leads to, and asks for it', async (group, name, said, enabled, mode) => {
  show(group);
  if (group !== required) await screen.findByText('Who connects in plaintext');
  fireEvent.click(button(name));
  expect(await screen.findByText(said)).toBeTruthy();
  expect(asked).not.toHaveBeenCalled();
  confirm(name);
  await waitFor(() => expect(asked).toHaveBeenCalledOnce());
  expect(asked).toHaveBeenCalledWith({
    ReplicationGroupId: 'orders',
    ApplyImmediately: true,
    TransitEncryptionEnabled: enabled,
    ...(mode && { TransitEncryptionMode: mode }),
  });
});

it('shows a refusal where it was asked for', async () => {
  asked.mockRejectedValue(new ServiceError('InvalidParameterCombination', 'Plaintext is in use.'));
  show(preferred);
  await screen.findByText('Who connects in plaintext');
  fireEvent.click(button('Require TLS'));
  await screen.findByText('Require TLS?');
  confirm('Require TLS');
  expect(await screen.findByText('Plaintext is in use.')).toBeTruthy();
});

it('shows who connects in plaintext, and where the way to a token begins', async () => {
  vi.mocked(own.describeTransitUsage).mockResolvedValue(
    transitWith(
      { Connections: 2, Clients: [worker] },
      { OnRequired: { ...forecast, InUse: true, Text: 'It would end 2.' } },
    ),
  );
  show(preferred);
  expect(await screen.findByText('worker-3 (10.0.0.7): 2')).toBeTruthy();
  expect(screen.getByText('It would end 2.')).toBeTruthy();
  expect(screen.getByText('Preferred')).toBeTruthy();
  expect(screen.getByText(/^Warn: TLS is required even if/)).toBeTruthy();
  const secure = screen.getByText('Secure this cache').closest('a');
  expect(secure?.getAttribute('href')).toBe('/console/rotation/orders');
  expect(await screen.findByText('Download CA certificate')).toBeTruthy();
});

it('does not offer what the guard of the group would refuse', async () => {
  const OnRequired = { ...forecast, Guard: 'refuse', Refused: true, InUse: true, Text: 'It would be refused.' };
  vi.mocked(own.describeTransitUsage).mockResolvedValue(transitWith({ Connections: 2 }, { OnRequired }));
  show(preferred);
  await screen.findByText('Who connects in plaintext');
  expect(isDisabled('Require TLS')).toBe(true);
  expect(isDisabled('Turn encryption off')).toBe(false);
});

it('offers no mode that nodes of an earlier release cannot have', async () => {
  const partly = { Complete: false, GatelessNodes: ['orders-001'], Mode: 'none' };
  vi.mocked(own.describeTransitUsage).mockResolvedValue(transitWith({}, partly));
  show(none);
  expect(await screen.findAllByText(/^orders-001 cannot tell/)).toBeTruthy();
  expect(isDisabled('Offer TLS')).toBe(true);
  expect(screen.queryByText('Download CA certificate')).toBeNull(); // nobody can use it yet
});

it('says that the use of plaintext could not be read', async () => {
  vi.mocked(own.describeTransitUsage).mockRejectedValue(new ServiceError('InternalFailure', 'No node answers.'));
  show(preferred);
  expect(await screen.findByText('The use of plaintext could not be read')).toBeTruthy();
  expect(screen.getByText('No node answers.')).toBeTruthy();
});

it('asks nobody where TLS is required, and keeps it while there is a token', async () => {
  show(required, accessWith());
  expect(await screen.findByText('0A:1B')).toBeTruthy();
  expect(isDisabled('Accept plaintext again')).toBe(true);
  expect(screen.queryByText('Secure this cache')).toBeNull();
  expect(own.describeTransitUsage).not.toHaveBeenCalled();
});

it('shows the mode that is on its way', async () => {
  const PendingModifiedValues = { TransitEncryptionEnabled: true, TransitEncryptionMode: 'required' } as const;
  show({ ...preferred, Status: 'modifying', PendingModifiedValues });
  expect(await screen.findByText('Changing to: Required')).toBeTruthy();
  expect(isDisabled('Require TLS')).toBe(true);
});
