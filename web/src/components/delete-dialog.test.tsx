import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { elasticache } from '../api/elasticache';
import { ServiceError } from '../api/error';
import { LanguageProvider } from '../i18n';
import { type Deletable, deleteEach, isConfirmed } from './delete';
import { DeleteDialog } from './delete-dialog';

const orders: Deletable = { id: 'orders', kind: 'group' };
const lone: Deletable = { id: 'lone', kind: 'cluster' };

it('is confirmed by one word', () => {
  expect(['delete', ' delete '].every(isConfirmed)).toBe(true);
  expect(['', 'Delete', 'delet', 'delete it', '削除'].some(isConfirmed)).toBe(false);
});

describe('deleting several', () => {
  it('goes on after a refusal, and takes what is gone for deleted', async () => {
    const refusal = new ServiceError('InvalidReplicationGroupState', 'busy');
    const asked: string[] = [];
    const refused = await deleteEach([orders, lone, { id: 'third', kind: 'group' }], async ({ id }) => {
      asked.push(id);
      if (id === 'orders') throw refusal;
      if (id === 'lone') throw new ServiceError('CacheClusterNotFound', 'gone');
    });
    expect(asked).toEqual(['orders', 'lone', 'third']);
    expect(refused).toEqual([{ cache: orders, error: refusal }]);
  });
});

describe('dialog', () => {
  const send = vi.spyOn(elasticache, 'send');
  const sent = () => send.mock.calls.map(([command]) => [command.constructor.name, command.input]);
  beforeEach(() => localStorage.setItem('aikagi-language', 'en'));
  afterEach(() => send.mockReset());

  function open(caches: Deletable[]) {
    const closed = vi.fn();
    render(
      <QueryClientProvider client={new QueryClient()}>
        <LanguageProvider>
          <DeleteDialog caches={caches} onClose={closed} />
        </LanguageProvider>
      </QueryClientProvider>,
    );
    const submit = screen.getByRole('button', { name: 'Delete' });
    const type = (value: string) => fireEvent.change(screen.getByRole('textbox'), { target: { value } });
    return { closed, submit, type };
  }

  it('deletes what it names, each as what it is, once it is confirmed', async () => {
    send.mockImplementation(async () => ({}));
    const { closed, submit, type } = open([orders, lone]);
    for (const { id } of [orders, lone]) expect(screen.getByText(id)).toBeTruthy();
    fireEvent.click(submit);
    type('delet');
    await act(async () => fireEvent.submit(screen.getByRole('textbox')));
    expect(sent()).toEqual([]);
    type('delete');
    fireEvent.click(submit);
    await waitFor(() => expect(closed).toHaveBeenCalled());
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
});
