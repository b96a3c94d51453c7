import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { ServiceError } from '../../../api/error';
import * as own from '../../../api/own';
import { newQueryClient } from '../../../data/client';
import { LanguageProvider } from '../../../i18n';
import { accessWith, later } from '../../rotation/testing';
import { shownMost } from './refusals';
import { Refused } from './refused';
import { SecurityGroups } from './security-groups';

// The design system is slow without a real browser, and more so beside other tests.

const counts = (more: Partial<own.Refused> = {}): own.Refused => ({
  Rules: 0,
  Mode: 0,
  Silence: 0,
  Clients: 0,
  Queue: 0,
  Source: 0,
  ...more,
});
const refusals = (more: Partial<own.RefusedConnections> = {}): own.RefusedConnections => ({
  ReplicationGroupId: 'orders',
  AsOf: later(60),
  Complete: true,
  Gates: [],
  MissingNodes: [],
  Refused: counts(),
  Sources: [],
  ...more,
});

beforeEach(() => localStorage.setItem('aikagi-language', 'en'));
afterEach(() => {
  vi.restoreAllMocks();
});

const show = (what: ReactNode) => {
  const { hook } = memoryLocation({ path: '/caches/orders/connectivity' });
  render(
    <QueryClientProvider client={newQueryClient()}>
      <LanguageProvider>
        <Router hook={hook}>{what}</Router>
      </LanguageProvider>
    </QueryClientProvider>,
  );
};

it('shows how many were refused, and who was last, and why', async () => {
  const Sources = [{ Address: '192.0.2.7', LastAt: later(0), Refused: counts({ Rules: 3, Mode: 1 }) }];
  const MissingNodes = [{ CacheClusterId: 'orders-002', Reason: 'it is stopped', Fact: undefined }];
  vi.spyOn(own, 'describeRefused').mockResolvedValue(
    refusals({ Refused: counts({ Rules: 12, Mode: 1 }), Sources, MissingNodes }),
  );
  show(<Refused id="orders" />);
  expect(await screen.findByText('192.0.2.7')).toBeTruthy();
  expect(screen.getByText('1 minute ago')).toBeTruthy();
  expect(screen.getByText('Not allowed by a security group: 3')).toBeTruthy();
  expect(screen.getByText('Plaintext where TLS is required: 1')).toBeTruthy();
  expect(screen.queryByText('Said nothing: 0')).toBeNull();
  expect(screen.getByText('12')).toBeTruthy();
  expect(screen.getByText(/^orders-002 could not be asked/)).toBeTruthy();
});

it('shows the latest of many', async () => {
  const Sources = Array.from({ length: shownMost + 3 }, (_, i) => ({
    Address: `192.0.2.${i}`,
    LastAt: later(-i),
    Refused: counts({ Rules: 1 }),
  }));
  vi.spyOn(own, 'describeRefused').mockResolvedValue(refusals({ Sources }));
  show(<Refused id="orders" />);
  expect(await screen.findByText('and 3 more addresses')).toBeTruthy();
  expect(screen.queryByText(`192.0.2.${shownMost}`)).toBeNull();
});

it('says that it could not be read, and that nobody was refused', async () => {
  const read = vi.spyOn(own, 'describeRefused');
  read.mockRejectedValueOnce(new ServiceError('InternalFailure', 'No node answers.'));
  show(<Refused id="orders" />);
  expect(await screen.findByText('No node answers.')).toBeTruthy();
  read.mockResolvedValue(refusals());
  screen.getByText('Try again').click();
  expect(await screen.findByText('No address was refused.')).toBeTruthy();
});

it('marks a security group because of which everybody may connect', async () => {
  const web = { SecurityGroupId: 'sg-web', GroupName: 'web', Known: true };
  const legacy = { SecurityGroupId: 'sg-legacy', GroupName: '', Known: false };
  show(<SecurityGroups access={accessWith({ SecurityGroups: [web, legacy] })} />);
  expect(screen.getByText('web').closest('a')?.getAttribute('href')).toBe('/console/security-groups?find=sg-web');
  expect(screen.getByText('Not known here: everybody may connect')).toBeTruthy();
  const create = screen.getByText('Create sg-legacy').closest('a');
  expect(create?.getAttribute('href')).toBe('/console/security-groups?create=sg-legacy');
});

it('says what it means that there is none', () => {
  show(<SecurityGroups access={accessWith()} />);
  expect(screen.getByText('None: everybody who can reach the endpoints may connect.')).toBeTruthy();
});
