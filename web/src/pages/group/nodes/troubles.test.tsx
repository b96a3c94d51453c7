// @vitest-environment jsdom
import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import { render, screen } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import type { Access, AccessNode, Fact, StatusReason } from '../../../api/own';
import { Reasons } from '../../../components/reasons';
import { LanguageProvider } from '../../../i18n';
import { rowsOf } from './rows';
import { NodeStatus, Troubles } from './troubles';

const fact = (Code: string, values: Record<string, string | Fact>): Fact => ({
  Code,
  Values: Object.entries(values).map(([Name, v]) =>
    typeof v === 'string' ? { Name, Text: v, Facts: [] } : { Name, Text: '', Facts: [v] },
  ),
});
const fault = fact('node-fault', {
  why: fact('node-fault-memory', {}),
  evidence: 'exit status 1',
  fix: fact('node-mend-memory', {}),
});
const mend = fact('clients-mend', { port: '6379', node: 'g-001' });

const node = (CacheClusterId: string, more: Partial<AccessNode> = {}): AccessNode => ({
  CacheClusterId,
  Role: 'replica',
  Status: 'available',
  Address: '',
  Endpoint: '',
  Zone: 'a',
  BehindSince: undefined,
  Fault: undefined,
  Crowd: undefined,
  ...more,
});
const noFault = { Kind: '', Why: '', Evidence: '', Fix: '', Since: undefined };
const nodes = [
  node('g-001', {
    Crowd: { Connections: 9998, Limit: 10000, Addresses: [], Fix: 'find them', FixFact: mend, Since: undefined },
  }),
  node('g-002', {
    Status: 'modifying',
    Fault: { ...noFault, Text: 'there is not enough memory (exit status 1)', Fact: fault },
  }),
  node('g-003', { BehindSince: new Date('2026-01-02T03:04:05Z') }),
  node('g-004'),
];
const group: ReplicationGroup = { MemberClusters: nodes.map((n) => n.CacheClusterId) };
const rows = rowsOf(group, { Nodes: nodes } as unknown as Access, undefined);

afterEach(() => localStorage.clear());

function show(language: 'en' | 'ja', what: React.ReactNode): string {
  localStorage.setItem('aikagi-language', language);
  const { container } = render(<LanguageProvider>{what}</LanguageProvider>);
  return container.textContent ?? '';
}

describe('the nodes of a group', () => {
  test('have a mark for each of their troubles', () => {
    const marks = (language: 'en' | 'ja') => rows.map((row) => show(language, <NodeStatus row={row} />));
    expect(marks('en')).toEqual(['AvailableConnections full', 'ModifyingCannot start', 'AvailableBehind', 'Available']);
    expect(marks('ja')).toEqual(['使用可能接続数の上限', '変更中起動できません', '使用可能遅延', '使用可能']);
  });

  test('are said to be in trouble, why, and what to do about it', () => {
    show('en', <Troubles rows={rows} />);
    for (const part of [
      'Client connections of node g-001 are full',
      /^Clients have 9,998 of 10,000 connections\. Find them\.$/,
      'Node g-002 cannot start',
      'there is not enough memory (exit status 1)',
      'Replica g-003 is behind its primary',
      /^It has been too far behind to be read since .*2026/,
    ]) {
      expect(screen.getByText(part)).toBeTruthy();
    }
  });

  test('are so in Japanese, too', () => {
    const said = show('ja', <Troubles rows={rows} />);
    expect(said).toContain('クライアント接続は 10,000 件中 9,998 件です。');
    expect(said).toContain("ss -tnp 'dport = :6379'");
    expect(said).toContain('メモリが足りません (詳細: exit status 1)。メモリを増やすか');
    expect(said).not.toMatch(/find them|not enough memory|undefined/);
  });

  test('that are as they should be have nothing said of them', () => {
    expect(show('en', <Troubles rows={rows.slice(3)} />)).toBe('');
  });
});

describe('the reasons of a status', () => {
  const reasons: StatusReason[] = [
    {
      Text: 'g-002 cannot start: there is not enough memory',
      Fact: fact('node-cannot-start', { node: 'g-002', fault }),
    },
    { Text: 'read group: no such file', Fact: undefined },
  ];

  test('are in the words of the service in English', () => {
    expect(show('en', <Reasons reasons={reasons} />)).toBe(
      'g-002 cannot start: there is not enough memoryread group: no such file',
    );
  });

  test('are told in Japanese, but for words that are not ours, which are marked as English', () => {
    const said = show('ja', <Reasons reasons={reasons} />);
    expect(said).toContain('g-002 を起動できません: メモリが足りません');
    expect(screen.getByText('read group: no such file').getAttribute('lang')).toBe('en');
  });
});
