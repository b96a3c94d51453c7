// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';
import { codeForKey } from './access-key';

afterEach(() => vi.unstubAllGlobals());

const answers = (status: number, body: string) =>
  vi.stubGlobal('fetch', async () => new Response(`<R xmlns="http://x/">${body}</R>`, { status }));
const refusal = (code: string) => `<Error><Type>Sender</Type><Code>${code}</Code><Message>No.</Message></Error>`;

// What the service answers to which mistake: internal/elasticache/sigv4/error.go.
test.each([
  [400, 'RequestExpired', 'clock'],
  [403, 'InvalidClientTokenId', 'key'],
  [403, 'SignatureDoesNotMatch', 'key'],
  [400, 'InvalidAction', 'unreachable'],
  [503, 'ServiceUnavailable', 'unreachable'],
])('%i %s is told as "%s"', async (status, code, refused) => {
  answers(status, refusal(code));
  await expect(codeForKey('AKIDEXAMPLE', 'secret')).rejects.toMatchObject({ refusal: refused });
});

test('takes the code out of the link', async () => {
  const url = 'https://127.0.0.1/console/sign-in#code=one-time';
  answers(200, `<CreateConsoleLinkResult><Url>${url}</Url></CreateConsoleLinkResult>`);
  await expect(codeForKey('AKIDEXAMPLE', 'secret')).resolves.toBe('one-time');
});
