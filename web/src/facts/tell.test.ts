import { describe, expect, test } from 'vitest';
import type { Fact, FactValue } from '../api/own';
import { formatsOf } from '../i18n/format';
import { ja } from '../i18n/ja';
import { facts } from '../i18n/ja/facts';
import { codes } from './codes';
import { type Language, tell } from './tell';

const japanese: Language = { sentences: facts, between: '、', text: ja, formats: formatsOf('ja') };
const say = (fact: Fact) => tell(fact, japanese);
const value = (Name: string, Text: string): FactValue => ({ Name, Text, Facts: [] });
const within = (Name: string, ...Facts: Fact[]): FactValue => ({ Name, Text: '', Facts });
const fact = (Code: string, ...Values: FactValue[]): Fact => ({ Code, Values });

const examples: Record<string, string> = {
  credential: '6ceaac09e150',
  set: 'NONE,6ceaac09e150',
  duration: '1m30s',
  ago: '12s',
  time: '2026-01-02T03:04:05Z',
  number: '4711',
  state: 'rolled-back',
  cause: 'schedule',
};

// They only put names and what others say beside each other.
const wordless = ['other', 'client-named', 'client-unnamed', 'node-why', 'scheduled-ended'];

describe.each(Object.entries(codes))('%s', (code, values) => {
  test('is told in Japanese, with all of its values', () => {
    const given = Object.entries(values).map(([name, kind]) => value(name, examples[kind as string] ?? `«${name}»`));
    const told = say(fact(code, ...given)) ?? '';
    for (const [name, kind] of Object.entries(values)) if (kind === 'text') expect(told).toContain(`«${name}»`);
    expect(told).not.toMatch(/undefined|NaN|\[object| {2}/);
    if (!wordless.includes(code)) expect(told).toMatch(/[ぁ-んァ-ヶ一-龠]/);
  });
});

test('what is within a sentence is told in Japanese, too', () => {
  const client = (name: string) => fact('client-named', value('name', name), value('about', '10.0.0.7'));
  const use = fact(
    'in-use',
    value('connections', '3'),
    value('authentications', '1204'),
    within('last', fact('used-now')),
    within('users', client('worker-1'), client('worker-2'), fact('more-clients', value('n', '2'))),
  );
  const warning = fact(
    'guard-warns',
    value('strategy', 'SET'),
    value('ends', 'NONE'),
    value('group', 'orders'),
    within('use', use),
  );
  expect(say(warning)).toBe(
    'SET により orders のパスワードなしのアクセスが無効になりますが、使用されています (接続 3 件、認証 1,204 件、現在使用中、クライアント: worker-1 (10.0.0.7)、worker-2 (10.0.0.7)、ほか 2 件)。使用しているクライアントは、次に接続するときに拒否されます。',
  );
});

test('words of others stay as they are', () => {
  const problem = fact('undelivered', value('problem', 'open /run/token: permission denied'));
  expect(say(problem)).toBe('トークンを配信できませんでした: open /run/token: permission denied');
});

test('values are written as the language does', () => {
  const told = (code: string, ...values: FactValue[]) => say(fact(code, ...values));
  expect(told('used-last', value('since', '12s'))).toBe('最終使用 12 秒前');
  expect(told('no-answer', value('time', '1.5s'))).toBe('1.5 秒以内に応答がありませんでした');
  expect(told('cancelled', value('tokens', 'NONE,6ceaac09e150'))).toBe(
    'キャンセルされました。有効な認証情報はパスワードなしのアクセス、トークン 6ceaac09e150 です。',
  );
});

test('what is not known here is left to the English words', () => {
  expect(say(fact('from-tomorrow'))).toBeUndefined();
  expect(say(fact('held-up', within('problem', fact('from-tomorrow'))))).toBeUndefined();
  expect(say(fact('toString'))).toBeUndefined();
});
