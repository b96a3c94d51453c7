// Sign-in with an access key. The key signs, in this page, a request for a one-time link: so
// the secret itself is sent nowhere, and there is one way in, by code.
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { SignInError } from './session';
import { object, parse, text } from './xml';

const link = object({ Url: text });

/** Asks for a one-time code. Throws SignInError. */
export async function codeForKey(accessKeyId: string, secretAccessKey: string): Promise<string> {
  const body = new URLSearchParams({ Action: 'CreateConsoleLink', Version: '2015-02-02' }).toString();
  const signer = new SignatureV4({
    service: 'elasticache',
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
  });
  const signed = await signer.sign({
    method: 'POST',
    protocol: location.protocol,
    hostname: location.host,
    path: '/',
    query: {},
    headers: { host: location.host, 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  const { host: _, ...headers } = signed.headers; // browsers set it themselves
  let answer: Response;
  try {
    answer = await fetch('/', { method: 'POST', headers, body, credentials: 'omit', cache: 'no-store' });
  } catch {
    throw new SignInError('unreachable');
  }
  const root = await answer.text().then(parse, () => undefined);
  if (codeIn(root) === 'RequestExpired') throw new SignInError('clock'); // AWS's status of it is 400
  if (answer.status === 403) throw new SignInError('key');
  if (!answer.ok || !root) throw new SignInError('unreachable');
  const url = link(root.querySelector('CreateConsoleLinkResult') ?? undefined).Url;
  return new URLSearchParams(new URL(url).hash.slice(1)).get('code') ?? '';
}

const codeIn = (root: Element | undefined) => root?.querySelector('Error > Code')?.textContent ?? '';
