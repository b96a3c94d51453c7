// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { flag, list, maybe, maybeNumber, number, object, parse, text, time } from './xml';

const group = object({
  Name: text,
  Size: number,
  Lag: maybeNumber,
  Open: flag,
  Since: time,
  Nodes: list(object({ Id: text })),
  Values: list(maybeNumber),
  Failover: maybe(object({ To: text })),
});

test('reads what an answer has', () => {
  const answer = parse(`<R xmlns="http://elasticache.amazonaws.com/doc/2015-02-02/">
    <Name>a &lt;b&gt; &amp; c</Name><Size>3</Size><Lag>0</Lag><Open>true</Open><Since>2026-01-02T03:04:05Z</Since>
    <Nodes><member><Id>n1</Id></member><member><Id>n2</Id></member></Nodes>
    <Values><member>1.5</member><member></member><member>1e+06</member></Values>
    <Failover><To>n2</To></Failover></R>`);
  expect(group(answer)).toEqual({
    Name: 'a <b> & c',
    Size: 3,
    Lag: 0,
    Open: true,
    Since: new Date('2026-01-02T03:04:05Z'),
    Nodes: [{ Id: 'n1' }, { Id: 'n2' }],
    Values: [1.5, undefined, 1_000_000],
    Failover: { To: 'n2' },
  });
});

test('what is absent has a value that says so', () => {
  expect(group(parse('<R/>'))).toEqual({
    Name: '',
    Size: 0,
    Lag: undefined,
    Open: false,
    Since: undefined,
    Nodes: [],
    Values: [],
    Failover: undefined,
  });
});

test('a page of a proxy is no answer', () => {
  expect(() => parse('<html><p>502 Bad Gateway</html>')).toThrow();
  expect(() => parse('')).toThrow();
});
