import createWrapper from '@cloudscape-design/components/test-utils/dom';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { keys } from '../../../data/keys';
import { LanguageProvider } from '../../../i18n';
import { Connect } from '.';

const endpoint = (Address: string) => ({ Address, Port: 6379 });
const shop = {
  ReplicationGroupId: 'shop',
  Status: 'available',
  TransitEncryptionEnabled: true,
  NodeGroups: [{ PrimaryEndpoint: endpoint('10.0.0.1'), ReaderEndpoint: endpoint('10.0.0.2') }],
};

const writeText = vi.fn(async () => {});
beforeEach(() => {
  writeText.mockClear();
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
});

function show(group: object) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  client.setQueryData(keys.aspect('shop', 'group'), group);
  client.setQueryData(keys.aspect('shop', 'access'), { PasswordlessOpen: false, Credentials: [{ Fingerprint: 'f' }] });
  const { container } = render(
    <QueryClientProvider client={client}>
      <LanguageProvider>
        <Connect id="shop" />
      </LanguageProvider>
    </QueryClientProvider>,
  );
  return createWrapper(container);
}

const copied = async (label: string) => {
  fireEvent.click(screen.getByRole('button', { name: `Copy: ${label}` }));
  await waitFor(() => expect(writeText).toHaveBeenCalled());
  return writeText.mock.lastCall as unknown as [string];
};

it('copies the command as it is shown', async () => {
  show(shop);
  expect(await copied('Connect with redis-cli')).toEqual(['redis-cli --tls --cacert "$AIKAGI_CA" -h 10.0.0.1 -p 6379']);
});

it('goes by the endpoint and the client that are chosen', async () => {
  const [ways, clients] = show(shop).findAllSegmentedControls();
  ways?.findSegmentById('reader')?.click();
  clients?.findSegmentById('python')?.click();
  const [code] = await copied('connect.py (redis-py)');
  expect(code).toContain('host="10.0.0.2"');
  expect(code).toContain('password=os.environ["AUTH_TOKEN"]');
});

it('says why there is nothing to copy while a group is being created', () => {
  show({ ...shop, Status: 'creating', NodeGroups: [{}] });
  expect(screen.getByText(/no endpoint yet \(Creating\)/)).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
});
