import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { ServiceError } from '../../api/error';
import * as own from '../../api/own';
import { newQueryClient } from '../../data/client';
import { LanguageProvider } from '../../i18n';
import { NoticesProvider } from '../../shell/notices';
import SecurityGroups from '.';
import { rule, securityGroup } from './testing';

// The design system is slow without a real browser, and more so beside other tests.

let groups: own.SecurityGroup[];
let ec2: own.EC2Link | undefined;
const output = async () => ({ SecurityGroup: securityGroup() });
beforeEach(() => {
  localStorage.setItem('aikagi-language', 'en');
  groups = [securityGroup()];
  ec2 = undefined;
  vi.spyOn(own, 'describeSecurityGroups').mockImplementation(async () => ({
    SecurityGroups: groups,
    EC2: ec2,
    Marker: '',
  }));
  for (const action of ['createSecurityGroup', 'authorizeIngress', 'revokeIngress', 'deleteSecurityGroup'] as const) {
    vi.spyOn(own, action).mockImplementation(output);
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

function show(search = '') {
  const { hook, searchHook, history } = memoryLocation({ path: `/security-groups${search}`, record: true });
  render(
    <QueryClientProvider client={newQueryClient()}>
      <LanguageProvider>
        <Router hook={hook} searchHook={searchHook}>
          <NoticesProvider>
            <SecurityGroups />
          </NoticesProvider>
        </Router>
      </LanguageProvider>
    </QueryClientProvider>,
  );
  return history;
}

// By text and label: to find roles takes seconds here.
const labelled = (label: string) => screen.findByLabelText(label, { selector: 'button' });
const press = (name: string) => {
  const found = screen.getAllByText(name, { selector: 'button *' }).at(-1); // that of the dialog is last
  fireEvent.click(found as HTMLElement);
};
const enter = (label: string | RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });

it('says what they are while there is none', async () => {
  groups = [];
  show();
  expect(await screen.findByText('No security groups')).toBeTruthy();
  expect(screen.getByText(/A cache without security groups accepts everybody/)).toBeTruthy();
});

it('shows rules, and who names them', async () => {
  const Rules = [rule('10.1.0.0/16'), rule('192.0.2.7/32', { FromPort: 6379, ToPort: 6399, Description: 'office' })];
  groups = [
    securityGroup({ Rules }),
    securityGroup({ SecurityGroupId: 'sg-none', GroupName: 'none', Rules: [], UsedBy: [] }),
  ];
  show();
  expect(await screen.findByText('10.1.0.0/16')).toBeTruthy();
  for (const text of ['All ports', '6379–6399', 'office', 'There are no rules: this group lets nobody in.']) {
    expect(screen.getByText(text)).toBeTruthy();
  }
  expect(screen.getByText('orders').closest('a')?.getAttribute('href')).toBe('/console/caches/orders/connectivity');
  expect((await labelled('Delete web')).getAttribute('aria-disabled')).toBe('true');
  expect((await labelled('Delete none')).getAttribute('aria-disabled')).toBeNull();
});

it('warns of the connections that are closed before a rule is revoked', async () => {
  groups = [securityGroup({ Rules: [rule('10.1.0.0/16', { FromPort: 6379, ToPort: 6379 })] })];
  show();
  fireEvent.click(await labelled('Revoke 10.1.0.0/16 (6379) of web'));
  expect(await screen.findByText(/^Open connections that no other rule allows are closed at once/)).toBeTruthy();
  expect(screen.getByText('Caches that name this security group: orders')).toBeTruthy();
  expect(screen.getByText(/^This is the last rule/)).toBeTruthy();
  expect(own.revokeIngress).not.toHaveBeenCalled();
  press('Revoke rule');
  await waitFor(() =>
    expect(own.revokeIngress).toHaveBeenCalledWith({
      SecurityGroupId: 'sg-web',
      Source: '10.1.0.0/16',
      FromPort: 6379,
      ToPort: 6379,
    }),
  );
  expect(await screen.findByText('The rule for 10.1.0.0/16 of web was revoked.')).toBeTruthy();
});

it('adds a rule, and says before what is wrong with it', async () => {
  show();
  fireEvent.click(await labelled('Add rule to web'));
  await screen.findByLabelText('Source');
  enter('Source', 'ten');
  enter(/^Ports/, '0');
  press('Add rule');
  expect(await screen.findByText(/^Enter a network like/)).toBeTruthy();
  expect(screen.getByText(/^Enter a port from 1/)).toBeTruthy();
  expect(own.authorizeIngress).not.toHaveBeenCalled();
  enter('Source', ' 192.0.2.7 ');
  enter(/^Ports/, '6379');
  press('Add rule');
  await waitFor(() => expect(own.authorizeIngress).toHaveBeenCalledOnce());
  expect(own.authorizeIngress).toHaveBeenCalledWith({
    SecurityGroupId: 'sg-web',
    Source: '192.0.2.7',
    FromPort: 6379,
    ToPort: 6379,
    Description: undefined,
  });
});

it('creates one with the id that a link has, and its first sources', async () => {
  const history = show('?create=sg-legacy');
  expect(await screen.findByText(/^If caches name this ID already/)).toBeTruthy();
  expect((screen.getByLabelText(/^ID/) as HTMLInputElement).value).toBe('sg-legacy');
  press('Create security group');
  expect(await screen.findByText(/^Enter a name/)).toBeTruthy();
  enter('Name', 'legacy');
  enter(/^Allowed sources/, '10.0.0.0/8\n192.0.2.7');
  press('Create security group');
  expect(await screen.findByText('Security group web was created.')).toBeTruthy(); // so the answer calls it
  expect(own.createSecurityGroup).toHaveBeenCalledWith({
    GroupName: 'legacy',
    SecurityGroupId: 'sg-legacy',
    Sources: ['10.0.0.0/8', '192.0.2.7'],
  });
  expect(history.at(-1)).toBe('/security-groups');
});

it('shows a refusal where it was asked for', async () => {
  groups = [securityGroup({ UsedBy: [] })];
  vi.mocked(own.deleteSecurityGroup).mockRejectedValue(
    new ServiceError('InvalidGroup.InUse', 'It is in use by carts.'),
  );
  show();
  fireEvent.click(await labelled('Delete web'));
  await screen.findByText('Delete security group web?');
  press('Delete');
  expect(await screen.findByText('It is in use by carts.')).toBeTruthy();
});

it('looks for the one that a link names', async () => {
  groups = [securityGroup(), securityGroup({ SecurityGroupId: 'sg-racks', GroupName: 'racks' })];
  show('?find=sg-racks');
  expect(await screen.findByText('racks')).toBeTruthy();
  expect(screen.queryByText('web')).toBeNull();
});

it('shows groups of EC2, which are changed there, and that EC2 does not answer', async () => {
  const at = new Date('2026-11-23T12:00:00Z');
  ec2 = { Endpoint: 'http://127.0.0.1:4566', ReadAt: at, FailingSince: at, Failure: 'connection refused' };
  const copy = { Origin: 'ec2', VpcId: 'vpc-1', ReadAt: at, GoneSince: at, UsedBy: [] };
  groups = [securityGroup(copy), securityGroup({ SecurityGroupId: 'sg-own', GroupName: 'own', Twice: true })];
  show();
  expect(await screen.findByText('EC2 does not answer')).toBeTruthy();
  expect(screen.getByText(/connection refused/)).toBeTruthy();
  expect(screen.getByText('vpc-1')).toBeTruthy();
  expect(screen.getByText(/^EC2 does not have this group any more/)).toBeTruthy();
  expect(screen.getByText(/^EC2 has a group with this ID, too/)).toBeTruthy();
  for (const label of ['Add rule to web', 'Delete web']) {
    expect((await labelled(label)).getAttribute('aria-disabled')).toBe('true');
  }
  expect((await labelled('Add rule to own')).getAttribute('aria-disabled')).toBeNull();
  expect(screen.queryByLabelText(/^Revoke .* of web$/)).toBeNull();
});

it('lets copies be deleted that nothing reads any more', async () => {
  groups = [securityGroup({ Origin: 'ec2', UsedBy: [] })];
  show();
  expect((await labelled('Delete web')).getAttribute('aria-disabled')).toBeNull();
});
