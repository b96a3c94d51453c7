import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import * as own from '../../api/own';
import { newQueryClient } from '../../data/client';
import { LanguageProvider } from '../../i18n';
import { NoticesProvider } from '../../shell/notices';
import type { Line } from './lines';
import { MaintenanceList } from './list';

const line: Line = {
  CacheId: 'lone',
  Status: 'modifying',
  Window: 'sun:23:00-mon:00:00',
  OpensAt: new Date(),
  Open: false,
  Due: true,
  NodeType: 'cache.t4g.small',
  Engine: 'redis',
  EngineVersion: '7.2',
  kind: 'cluster',
  nodes: 1,
};

it('takes back what waits, also while the cache is busy', async () => {
  const cancelled = vi.spyOn(own, 'cancelMaintenance').mockResolvedValue({ ...line, Due: false });
  render(
    <QueryClientProvider client={newQueryClient()}>
      <LanguageProvider>
        <NoticesProvider>
          <MaintenanceList lines={[line]} />
        </NoticesProvider>
      </LanguageProvider>
    </QueryClientProvider>,
  );
  expect((await screen.findByLabelText('Do it now on lone')).getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(screen.getByLabelText('Take back what waits for lone'));
  expect(await screen.findByText('These changes will not be made. The cache stays as it is:')).toBeTruthy();
  expect(screen.queryByText(/Clients are refused meanwhile/)).toBeNull();
  expect(cancelled).not.toHaveBeenCalled();
  fireEvent.click(screen.getAllByText('Take back', { selector: 'button *' }).at(-1) as HTMLElement);
  await waitFor(() => expect(cancelled).toHaveBeenCalledWith({ CacheClusterId: 'lone' }));
});
