import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { elasticache } from '../api/elasticache';
import { ServiceError, UnreachableError } from '../api/error';
import { LanguageProvider } from '../i18n';
import { NoticesProvider, useNotices } from '../shell/notices';
import { type Pending, pending } from '../testing/pending';
import { type Deletable, deleteEach, isConfirmed } from './delete';
import { DeleteDialog } from './delete-dialog';

const orders: Deletable = { id: 'orders', kind: 'group' };
const lone: Deletable = { id: 'lone', kind: 'cluster' };
const third: Deletable = { id: 'third', kind: 'group' };

it('is confirmed by one word', () => {
  expect(['delete', ' delete '].every(isConfirmed)).toBe(true);
  expect(['', 'Delete', 'delet', 'delete it', '削除'].some(isConfirmed)).toBe(false);
});

describe('deleting several', () => {
  it('goes on after a refusal, and takes what is gone for deleted', async () => {
    const refusal = new ServiceError('InvalidReplicationGroupState', 'busy');
    const asked: string[] = [];
    const deletion = await deleteEach([orders, lone, third], new AbortController().signal, async ({ id }) => {
      asked.push(id);
      if (id === 'orders') throw refusal;
      if (id === 'lone') throw new ServiceError('CacheClusterNotFound', 'gone');
    });
    expect(asked).toEqual(['orders', 'lone', 'third']);
    expect(deletion).toEqual({ gone: [lone, third], refused: [{ cache: orders, error: refusal }] });
  });

  it('asks for no more once it is stopped', async () => {
    const stop = new AbortController();
    const deletion = await deleteEach([orders, lone], stop.signal, async () => stop.abort());
    expect(deletion).toEqual({ gone: [orders], refused: [] });
  });
});

describe('dialog', () => {
  const send = vi.spyOn(elasticache, 'send');
  const sent = () => send.mock.calls.map(([command]) => [command.constructor.name, command.input]);
  beforeEach(() => localStorage.setItem('aikagi-language', 'en'));
  afterEach(() => send.mockReset());

  function open(caches: Deletable[]) {
    const closed = vi.fn();
    const deleted = vi.fn();
    render(
      <QueryClientProvider client={new QueryClient()}>
        <LanguageProvider>
          <NoticesProvider>
            <Opened caches={caches} onClose={closed} onDeleted={deleted} />
            <Told />
          </NoticesProvider>
        </LanguageProvider>
      </QueryClientProvider>,
    );
    const submit = screen.getByRole('button', { name: 'Delete' });
    const type = (value: string) => fireEvent.change(screen.getByRole('textbox'), { target: { value } });
    return { closed, deleted, submit, type };
  }

  it('deletes what it names, each as what it is, once it is confirmed', async () => {
    send.mockImplementation(async () => ({}));
    const { closed, deleted, submit, type } = open([orders, lone]);
    for (const { id } of [orders, lone]) expect(screen.getByText(id)).toBeTruthy();
    fireEvent.click(submit);
    type('delet');
    await act(async () => fireEvent.submit(screen.getByRole('textbox')));
    expect(sent()).toEqual([]);
    type('delete');
    fireEvent.click(submit);
    await waitFor(() => expect(closed).toHaveBeenCalled());
    expect(deleted).toHaveBeenCalledOnce();
    expect(sent()).toEqual([
      ['DeleteReplicationGroupCommand', { ReplicationGroupId: 'orders' }],
      ['DeleteCacheClusterCommand', { CacheClusterId: 'lone' }],
    ]);
  });

  it('stays open with what was refused, and why', async () => {
    send.mockImplementation(async (command) => {
      if ('ReplicationGroupId' in command.input) throw new ServiceError('InvalidReplicationGroupState', 'It is busy.');
      return {};
    });
    const { closed, submit, type } = open([orders, lone]);
    type('delete');
    fireEvent.click(submit);
    await screen.findByText('It is busy.');
    expect(screen.queryByText('lone')).toBeNull();
    expect(closed).not.toHaveBeenCalled();
  });

  describe('closed while it deletes', () => {
    async function closeMeanwhile(button: string, first: Pending<object>) {
      send.mockReturnValue(first.promise as never);
      const opened = open([orders, lone, third]);
      opened.type('delete');
      fireEvent.click(opened.submit);
      await waitFor(() => expect(sent()).toHaveLength(1));
      fireEvent.click(screen.getByRole('button', { name: button }));
      expect(opened.closed).toHaveBeenCalledOnce();
      return opened;
    }

    it.each(['Cancel', 'Close'])('keeps the others by %s, says so, and leads nowhere', async (button) => {
      const first = pending<object>();
      const { closed, deleted } = await closeMeanwhile(button, first);
      await act(async () => first.resolve({}));
      expect(await screen.findByText('The deletion of cache orders was accepted.')).toBeTruthy();
      expect(screen.getByText('You stopped the deletion. Not deleted: lone, third.')).toBeTruthy();
      expect(sent()).toHaveLength(1);
      expect(closed).toHaveBeenCalledOnce();
      expect(deleted).not.toHaveBeenCalled();
    });

    it('tells of a refusal that comes then', async () => {
      const first = pending<object>();
      await closeMeanwhile('Cancel', first);
      await act(async () => first.reject(new ServiceError('InvalidReplicationGroupState', 'It is busy.')));
      expect(await screen.findByText('orders was not deleted: It is busy.')).toBeTruthy();
    });
  });

  it('does not say that a cache was not deleted when no answer came', async () => {
    send.mockRejectedValue(new UnreachableError('stopped') as never);
    const { submit, type } = open([orders]);
    type('delete');
    fireEvent.click(submit);
    expect(await screen.findByText('There was no answer: orders may have been deleted')).toBeTruthy();
    expect(screen.queryByText('orders was not deleted')).toBeNull();
  });
});

/** A page that closes the dialog when it is told to. */
function Opened({ caches, onClose, onDeleted }: { caches: Deletable[]; onClose(): void; onDeleted(): void }) {
  const [open, setOpen] = useState(true);
  const close = () => {
    setOpen(false);
    onClose();
  };
  return open && <DeleteDialog caches={caches} onClose={close} onDeleted={onDeleted} />;
}

function Told() {
  return useNotices().notices.map(({ id, content }) => <p key={id}>{content}</p>);
}
