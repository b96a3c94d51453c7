import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import * as own from '../api/own';
import { type IdChoice, type IdProblem, idsOf } from '../cache/security';
import { newQueryClient } from '../data/client';
import { LanguageProvider } from '../i18n';
import { securityGroup } from '../pages/security/testing';
import { SecurityField } from './security-field';

// The design system is slow without a real browser, and more so beside other tests.

beforeEach(() => {
  localStorage.setItem('aikagi-language', 'en');
  vi.spyOn(own, 'describeSecurityGroups').mockResolvedValue({
    SecurityGroups: [securityGroup(), securityGroup({ SecurityGroupId: 'sg-none', GroupName: 'closed', Rules: [] })],
    EC2: undefined,
    Marker: '',
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

let value: IdChoice;
function Field({ first, problem }: { first: IdChoice; problem: IdProblem | undefined }) {
  const [now, setNow] = useState(first);
  value = now;
  return <SecurityField value={now} onChange={setNow} problem={problem} />;
}

const show = (chosen: string[], problem?: IdProblem) =>
  render(
    <QueryClientProvider client={newQueryClient()}>
      <LanguageProvider>
        <Field first={{ chosen, typed: '' }} problem={problem} />
      </LanguageProvider>
    </QueryClientProvider>,
  );

it.each([
  [[], /^None: everybody who can reach the endpoint may connect/],
  [['sg-web', 'sg-none'], /^Only clients from the addresses/],
  [['sg-none'], /^These security groups have no rules: nobody/],
  [['sg-web', 'sg-legacy'], /^Not known here: sg-legacy\. .*everybody who can reach the endpoint may connect/],
])('%j: says who may connect', async (chosen, said) => {
  show(chosen);
  expect(await screen.findByText(said)).toBeTruthy();
});

it('takes ids that are not known here, and lets go of those that are chosen', async () => {
  show(['sg-web', 'sg-legacy']);
  expect(await screen.findByText('Not known here')).toBeTruthy();
  expect(screen.getByText('sg-web · 1 rule')).toBeTruthy();
  fireEvent.change(screen.getByLabelText('Other security group IDs'), { target: { value: 'sg-2, sg-3' } });
  fireEvent.click(screen.getByLabelText('Remove web'));
  expect(idsOf(value)).toEqual(['sg-legacy', 'sg-2', 'sg-3']);
});

it('says what is wrong where it is', async () => {
  show(['sg-web'], 'form');
  expect(await screen.findByText('Enter IDs like sg-0123456789abcdef0.')).toBeTruthy();
});
