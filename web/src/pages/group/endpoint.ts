import type { Endpoint } from '@aws-sdk/client-elasticache';

/** An endpoint as clients write it. */
export const hostPort = (endpoint: Endpoint | undefined): string | undefined =>
  endpoint?.Address && `${endpoint.Address}:${endpoint.Port}`;
