// The actions of the original, by AWS's own SDK. The console's server takes the place of the
// signature: the session's cookie says who calls.
import { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { request, whole } from './transport';

/** Where the API answers pages that are signed in. */
export const apiPath = '/console/api';

interface SdkRequest {
  method: string;
  headers: Record<string, string>;
  body?: BodyInit;
}

export const elasticache = new ElastiCacheClient({
  endpoint: `${location.origin}${apiPath}`,
  region: 'us-east-1', // the server fills in its own; nothing is signed with it
  maxAttempts: 1, // whether to try again is decided in one place, by the queries
  credentials: { accessKeyId: 'session', secretAccessKey: 'session' },
  signer: { sign: async (unsigned) => unsigned },
  requestHandler: {
    async handle(sdk: SdkRequest, { abortSignal }: { abortSignal?: AbortSignal } = {}) {
      const answer = await request(apiPath, {
        method: sdk.method,
        headers: { 'content-type': sdk.headers['content-type'] ?? '' },
        body: sdk.body ?? null,
        signal: abortSignal ?? null,
      });
      const headers = Object.fromEntries(answer.headers);
      return {
        response: { statusCode: answer.status, reason: answer.statusText, headers, body: await whole(answer.blob()) },
      };
    },
  },
});
