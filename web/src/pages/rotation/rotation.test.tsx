import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { elasticache } from '../../api/elasticache';
import { ServiceError } from '../../api/error';
import * as own from '../../api/own';
import * as transport from '../../api/transport';
import { newQueryClient } from '../../data/client';
import { LanguageProvider } from '../../i18n';
import { NoticesProvider } from '../../shell/notices';
import RotationPage from '.';
import { accessWith, client, later, rotation, transitWith, usageWith } from './testing';

// The design system is slow without a real browser, and more so beside other tests.

let complaints: string[];
let group: object;
const worker = client({ Name: 'worker-3', Connections: 2 });

beforeEach(() => {
  localStorage.setItem('aikagi-language', 'en');
  complaints = [];
  vi.spyOn(console, 'error').mockImplementation((...about) => complaints.push(about.join(' ').slice(0, 200)));
  group = { ReplicationGroupId: 'orders', Status: 'available', TransitEncryptionEnabled: true };
  vi.spyOn(elasticache, 'send').mockImplementation(async () => ({ ReplicationGroups: [group] }));
  vi.spyOn(own, 'describeMetrics').mockResolvedValue({ ReplicationGroupId: 'orders', AsOf: new Date(), Nodes: [] });
  vi.spyOn(own, 'describeUsage').mockResolvedValue(usageWith({ Connections: 2, Clients: [worker] }));
  vi.spyOn(own, 'describeTransitUsage').mockResolvedValue(transitWith({ Connections: 2, Clients: [worker] }));
});
afterEach(() => {
  vi.restoreAllMocks();
  expect(complaints).toEqual([]);
});

async function show(access: Partial<own.Access>) {
  const describe = vi.spyOn(own, 'describeAccess').mockResolvedValue(accessWith(access));
  const { hook } = memoryLocation({ path: '/rotation/orders' });
  const queries = newQueryClient();
  render(
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <Router hook={hook}>
          <NoticesProvider>
            <RotationPage id="orders" />
          </NoticesProvider>
        </Router>
      </LanguageProvider>
    </QueryClientProvider>,
  );
  await screen.findByText('Accepted credentials');
  return {
    becomes: async (next: Partial<own.Access>) => {
      describe.mockResolvedValue(accessWith(next));
      await queries.invalidateQueries();
    },
  };
}

// By text: to find roles takes seconds here.
const button = (name: string) => screen.getByText(name, { selector: 'button *' }).closest('button');
const actions = ['Finish now', 'Cancel rotation', 'Roll back'] as const;
const enabled = () => actions.filter((name) => button(name)?.getAttribute('aria-disabled') !== 'true');
const step = () => document.querySelector('[aria-current="step"]')?.textContent;

/** The requests that reach the service, by action and group. */
function requests() {
  const sent: string[] = [];
  vi.spyOn(transport, 'request').mockImplementation(async (_, { body } = {}) => {
    const form = new URLSearchParams(String(body));
    sent.push(`${form.get('Action')} ${form.get('ReplicationGroupId')}`);
    const code = 'InvalidReplicationGroupState';
    return new Response(`<R><Error><Code>${code}</Code><Message>Too late.</Message></Error></R>`, { status: 400 });
  });
  return sent;
}

describe('under way', () => {
  it.each([
    ['offering-tls', 'Offer TLS', ['Cancel rotation']],
    ['awaiting-tls', 'Wait for TLS', ['Finish now', 'Cancel rotation']],
    ['requiring-tls', 'Require TLS', ['Cancel rotation']],
    ['pending', 'Prepare', ['Cancel rotation']],
    ['rotating', 'Rotate in', ['Cancel rotation']],
    ['delivering', 'Deliver', ['Cancel rotation']],
    ['waiting', 'Wait', ['Finish now', 'Cancel rotation']],
    ['brownout', 'Brownout', ['Cancel rotation']],
    ['setting', 'End (SET)', ['Roll back']],
    ['watching', 'Watch', ['Roll back']],
    ['rolling-back', 'Roll back', []],
    ['cancelling', 'Cancel', []],
  ] as const)('%s is the step "%s"', async (state, name, possible) => {
    await show({ Rotation: rotation(state, { Brownout: '5s' }) });
    expect(step()).toBe(name);
    expect(enabled()).toEqual(possible);
  });

  it('offers nothing twice', async () => {
    await show({ Rotation: rotation('waiting', { FinishRequested: true, CancelRequested: true }) });
    expect(enabled()).toEqual([]);
  });

  it('names who is left', async () => {
    await show({ Rotation: rotation('waiting') });
    const left = await screen.findByLabelText('Still on the old credential', { selector: 'table' });
    expect(await within(left).findByText('worker-3')).toBeTruthy();
  });

  it('is not alarmed by access without a token that it is about to end', async () => {
    const first = { OldCredential: 'NONE' };
    const { becomes } = await show({ Rotation: rotation('waiting', first), PasswordlessOpen: true });
    expect(screen.getByText('Access without a token still works')).toBeTruthy();
    expect(screen.queryByText('Anyone who can reach the port can get in without a token.')).toBeNull();
    await becomes({ LastRotation: rotation('rolled-back', first), PasswordlessOpen: true });
    expect(await screen.findByText('Anyone who can reach the port can get in without a token.')).toBeTruthy();
  });
});

describe('on the way to TLS', () => {
  const awaiting = { Rotation: rotation('awaiting-tls', { OldCredential: 'NONE' }) };
  const inPlaintext = 'Still in plaintext';

  it('shows how many connect in plaintext, and who', async () => {
    await show(awaiting);
    expect(screen.getByText('Secure orders')).toBeTruthy();
    const left = await screen.findByLabelText(inPlaintext, { selector: 'table' });
    expect(await within(left).findByText('worker-3')).toBeTruthy();
    expect(screen.getByText('Plaintext connections')).toBeTruthy();
    expect(screen.getByText('TLS connections')).toBeTruthy();
    expect(screen.getByText(/2 connections keep it in use/)).toBeTruthy();
    expect(screen.queryByLabelText('Still on the old credential')).toBeNull();
    expect(screen.getByText('Every node accepts TLS alongside plaintext')).toBeTruthy(); // what happened
  });

  it('asks who does only while that matters', async () => {
    const { becomes } = await show(awaiting);
    expect(own.describeTransitUsage).toHaveBeenCalled();
    const secured = { Secure: true, TlsOfferedAt: later(1), TlsRequiredAt: later(2) };
    await becomes({ Rotation: rotation('waiting', secured) });
    expect(await screen.findByLabelText('Still on the old credential', { selector: 'table' })).toBeTruthy();
    vi.mocked(own.describeTransitUsage).mockClear();
    await becomes({ Rotation: rotation('waiting', secured) });
    expect(own.describeTransitUsage).not.toHaveBeenCalled();
  });

  it.each([
    ['nobody who is known', {}, {}, /^No plaintext connections are open/],
    ['clients', { Connections: 2, Clients: [worker] }, {}, /^2 plaintext connections are open: worker-3/],
    [
      'nodes that cannot tell',
      {},
      { Complete: false, GatelessNodes: ['orders-002'] },
      /^Not every node could be asked/,
    ],
  ])('says what its end leads to: %s', async (_, use, more, said) => {
    vi.mocked(own.describeTransitUsage).mockResolvedValue(transitWith(use, more));
    await show(awaiting);
    await screen.findByText(inPlaintext);
    await waitFor(() => expect(screen.queryByText('Asking the nodes')).toBeNull());
    fireEvent.click(button('Finish now') as HTMLElement);
    expect(await screen.findByText('End plaintext now?')).toBeTruthy();
    expect(screen.getByText(said)).toBeTruthy();
    expect(screen.getByText('The rotation then goes on with the new token.')).toBeTruthy();
  });

  it('names nodes that cannot tell under the numbers', async () => {
    vi.mocked(own.describeTransitUsage).mockResolvedValue(
      transitWith({}, { Complete: false, GatelessNodes: ['orders-002'] }),
    );
    await show(awaiting);
    expect(await screen.findAllByText('Lower bound. Could not be asked: orders-002')).toHaveLength(2);
    expect(screen.getByText(/Not every node has told who connects in plaintext/)).toBeTruthy();
  });

  it('says that its end was asked for', async () => {
    await show({ Rotation: rotation('awaiting-tls', { FinishRequested: true }) });
    expect(screen.getByText('Plaintext is being ended.')).toBeTruthy();
    expect(screen.getByText('Plaintext ends as soon as every node has been asked.')).toBeTruthy();
  });

  it.each([
    [rotation('offering-tls'), /^Clients do not notice/],
    [rotation('awaiting-tls'), /^TLS stays offered alongside plaintext/],
    [rotation('requiring-tls'), /^Every node is told to accept plaintext again/],
    [rotation('pending', { Secure: true, TlsRequiredAt: later(2) }), /^TLS stays required/],
  ])('says what a cancellation leads to: %#', async (r, said) => {
    await show({ Rotation: r });
    fireEvent.click(button('Cancel rotation') as HTMLElement);
    expect(await screen.findByText(said)).toBeTruthy();
  });

  it('says that the use of plaintext could not be read', async () => {
    vi.mocked(own.describeTransitUsage).mockRejectedValue(new ServiceError('InternalFailure', 'No node answers.'));
    await show(awaiting);
    expect(await screen.findByText('The use of plaintext could not be read')).toBeTruthy();
  });
});

describe('securing a group', () => {
  it.each([
    ['none', {}, /^Every node accepts TLS alongside plaintext, on the same addresses/],
    [
      'preferred',
      { TransitEncryptionEnabled: true, TransitEncryptionMode: 'preferred' },
      /^Every node already accepts/,
    ],
  ])('begins where the group is: %s', async (_, mode, first) => {
    group = { ReplicationGroupId: 'orders', Status: 'available', ...mode };
    await show({ Credentials: [{ Fingerprint: 'NONE', AddedAt: later(0) }] });
    expect(screen.getByText('Secure orders')).toBeTruthy();
    expect(screen.getByText('TLS comes first, then the token')).toBeTruthy();
    const steps = Array.from(document.querySelectorAll('form ol > li'), (li) => li.textContent ?? '');
    expect(steps[0]).toMatch(first);
    expect(steps.slice(1, 4)).toEqual([
      'It waits until nobody has used plaintext for 10 minutes.',
      'Only TLS works. Plaintext connections that are still open are closed within 1 second.',
      'A new token is made, and every node accepts it alongside access without a token. Clients do not notice.',
    ]);
    expect(screen.queryByText('Use settings for a leaked token')).toBeNull();
    const start = vi.spyOn(own, 'startRotation').mockResolvedValue({ Rotation: rotation('offering-tls') });
    const path = screen.getByLabelText('Path of the file');
    fireEvent.change(path, { target: { value: '/run/token' } });
    expect(button('Secure cache')).toBeTruthy();
    fireEvent.submit(path);
    await waitFor(() => expect(start).toHaveBeenCalledOnce());
    expect(start.mock.lastCall?.[1]).toMatchObject({ Secure: true, Delivery: 'file:/run/token' });
  });

  it('has nothing to do where TLS is required', async () => {
    await show({});
    expect(screen.queryByText('TLS comes first, then the token')).toBeNull();
    expect(button('Start rotation')).toBeTruthy();
  });
});

describe('rolling back', () => {
  const ask = async () => {
    await show({ Rotation: rotation('watching') });
    fireEvent.click(button('Roll back') as HTMLElement);
    return screen.findByText('Bring the old credential back?');
  };
  const confirm = () => {
    const [, inDialog] = screen.getAllByText('Roll back', { selector: 'button *' });
    fireEvent.click(inDialog as HTMLElement);
  };

  it('says first what it leads to, and may be left', async () => {
    const sent = requests();
    await ask();
    expect(screen.getByText(/Every node accepts token aaaaaaaaaaaa again, alongside token bbbbbbbbbbbb/)).toBeTruthy();
    fireEvent.click(button('Leave it as it is') as HTMLElement);
    await waitFor(() => expect(screen.queryByText('Bring the old credential back?')).toBeNull());
    expect(sent).toEqual([]);
  });

  it('asks the service, and shows its refusal in place', async () => {
    const sent = requests();
    await ask();
    confirm();
    expect(await screen.findByText('Too late.')).toBeTruthy();
    expect(sent).toEqual(['RollBackAuthTokenRotation orders']);
    expect(screen.getByText('Bring the old credential back?')).toBeTruthy();
  });
});

it('shows how the one ended that was watched', async () => {
  const { becomes } = await show({ Rotation: rotation('watching') });
  await becomes({ LastRotation: rotation('done') });
  expect(await screen.findByText('Start another rotation')).toBeTruthy();
  expect(step()).toBe('Done');
  expect(screen.queryByText('Roll back', { selector: 'button *' })).toBeNull();
  fireEvent.click(button('Start another rotation') as HTMLElement);
  expect(await screen.findByText('Start rotation')).toBeTruthy();
});

it('offers to finish what came back', async () => {
  const two = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'].map((Fingerprint) => ({ Fingerprint, AddedAt: later(0) }));
  const { becomes } = await show({ Rotation: rotation('rolling-back'), Credentials: two });
  await becomes({ LastRotation: rotation('rolled-back', { Culprits: [worker], RefusedLogins: 1 }), Credentials: two });
  expect(await screen.findByText('Finish the change that was begun')).toBeTruthy();
  expect(step()).toBe('Rolled back');
});

describe('a node that could not be asked', () => {
  const MissingNodes = [{ CacheClusterId: 'orders-002', Reason: 'timeout', Fact: undefined }];
  const partly = (Connections: number) =>
    vi.spyOn(own, 'describeUsage').mockResolvedValue(usageWith({ Connections }, { Complete: false, MissingNodes }));
  const lower = 'Lower bound. Could not be asked: orders-002';

  it('is named where one decides to begin', async () => {
    partly(0);
    await show({});
    expect((await screen.findByText(lower)).parentElement?.textContent).toMatch(/Connections: 0.*Lower bound/);
  });

  it('is named under each number of a rotation, and nobody is said to be gone', async () => {
    partly(0);
    await show({ Rotation: rotation('waiting') });
    expect(await screen.findAllByText(lower)).toHaveLength(3); // the last is that of the accepted credential
    expect(screen.queryByText(/never used/)).toBeNull();
    expect(screen.getByText('(0+)')).toBeTruthy(); // of clients that are left
    fireEvent.click(button('Finish now') as HTMLElement);
    expect(await screen.findByText(/Not every node could be asked who uses it/)).toBeTruthy();
    expect(screen.queryByText('No connections are open with it.')).toBeNull();
  });

  it.each([
    [0, /Connections opened with the old credential may still be open.*: orders-002/, 1],
    [2, /2 connections that were opened with the old credential are still open/, 2],
  ])('is named at the end, where %i connections are known', async (known, said, bounds) => {
    partly(known);
    const { becomes } = await show({ Rotation: rotation('watching') });
    await becomes({ LastRotation: rotation('done') });
    expect(await screen.findByText(said)).toBeTruthy();
    expect(screen.getAllByText(lower)).toHaveLength(bounds); // one is that of the accepted credential
  });

  it('is not spoken of when there is none', async () => {
    await show({ Rotation: rotation('waiting') });
    await screen.findByText('worker-3');
    expect(screen.queryByText(/Lower bound/)).toBeNull();
  });
});

it.each([
  ['idle', {}],
  ['under way', { Rotation: rotation('waiting') }],
])('says that the use could not be read: %s', async (_, access) => {
  const asked = vi
    .spyOn(own, 'describeUsage')
    .mockRejectedValue(new ServiceError('InternalFailure', 'No node answers.'));
  await show(access);
  expect(await screen.findByText('The use of the credentials could not be read')).toBeTruthy();
  expect(screen.getByText('No node answers.')).toBeTruthy();
  asked.mockResolvedValue(usageWith({}));
  fireEvent.click(button('Try again') as HTMLElement);
  await waitFor(() => expect(screen.queryByText('No node answers.')).toBeNull());
});

it('keeps the form when a start is refused', async () => {
  await show({});
  const refusal = new ServiceError('InvalidParameterValue', 'Delivery to /x is not allowed.');
  const start = vi.spyOn(own, 'startRotation').mockRejectedValue(refusal);
  const path = screen.getByLabelText('Path of the file');
  fireEvent.submit(path);
  expect(await screen.findByText('Say where the new token goes.')).toBeTruthy();
  expect(screen.queryByText(/It is delivered to/)).toBeNull();
  fireEvent.change(path, { target: { value: '/x/token' } });
  expect(screen.getByText(/It is delivered to file:\/x\/token\./)).toBeTruthy();
  fireEvent.submit(path);
  expect(await screen.findByText('Delivery to /x is not allowed.')).toBeTruthy();
  expect((path as HTMLInputElement).value).toBe('/x/token');
  expect(start).toHaveBeenCalledOnce();
});
