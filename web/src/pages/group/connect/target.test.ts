import { expect, it } from 'vitest';
import type { Access } from '../../../api/own';
import { isLoopback, targetsOfCluster, targetsOfGroup } from './target';

const group = {
  TransitEncryptionEnabled: true,
  AuthTokenEnabled: false,
  NodeGroups: [
    { PrimaryEndpoint: { Address: '10.0.0.1', Port: 6379 }, ReaderEndpoint: { Address: '10.0.0.2', Port: 6379 } },
  ],
};
const access = (...fingerprints: string[]) =>
  ({ Credentials: fingerprints.map((Fingerprint) => ({ Fingerprint })) }) as Access;

it('has the endpoints of a group', () => {
  expect(targetsOfGroup(group, access('NONE'))).toEqual({
    primary: { host: '10.0.0.1', port: 6379, tls: true, token: false },
    reader: { host: '10.0.0.2', port: 6379, tls: true, token: false },
  });
});

it('uses a token as soon as one works', () => {
  expect(targetsOfGroup(group, access('NONE', 'f')).primary?.token).toBe(true);
  expect(targetsOfGroup({ ...group, AuthTokenEnabled: true }, undefined).primary?.token).toBe(true);
});

it('has none while there is no endpoint', () => {
  expect(targetsOfGroup({ NodeGroups: [{}] }, undefined)).toEqual({});
  expect(targetsOfGroup({}, undefined)).toEqual({});
  expect(targetsOfCluster({})).toEqual({});
});

it('takes the node of a cluster alone', () => {
  expect(targetsOfCluster({ CacheNodes: [{ Endpoint: { Address: '127.0.0.5', Port: 6379 } }] })).toEqual({
    primary: { host: '127.0.0.5', port: 6379, tls: false, token: false },
  });
});

it('knows addresses of the machine itself', () => {
  expect(['127.1.0.3', 'localhost', '10.0.0.1'].map(isLoopback)).toEqual([true, true, false]);
});
