import { Sha256 } from '@smithy/core/checksum';
import { request } from '../../../api/transport';

/** The certificate of the authority that signs for all groups. */
export const caPath = '/console/ca.pem';

/** Reads the certificate and returns its fingerprint, as browsers and openssl show it. */
export async function caFingerprint(signal: AbortSignal): Promise<string> {
  const answer = await request(caPath, { signal });
  if (!answer.ok) throw new Error(`${caPath}: ${answer.status}`);
  return fingerprintOf(await answer.text());
}

/** The SHA-256 of a PEM's first certificate; the browser's own can do it on https and loopback only. */
export async function fingerprintOf(pem: string): Promise<string> {
  const [, base64 = ''] = /-----BEGIN CERTIFICATE-----([^-]*)-----END/.exec(pem) ?? [];
  const hash = new Sha256();
  hash.update(Uint8Array.from(atob(base64.replace(/\s/g, '')), (c) => c.charCodeAt(0)));
  const digest = await hash.digest();
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
}
