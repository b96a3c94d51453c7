import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../api/error';
import {
  type Draft,
  type Field,
  newDraft,
  refusalsOf,
  requestOf,
  versionsOf,
  withEngine,
  withVersion,
  wrongWith,
} from './draft';
import { isName } from './name';

const installed = [
  { engine: 'redis', version: '7.0.15', family: 'redis7' },
  { engine: 'redis', version: '7.0.9', family: 'redis7' },
  { engine: 'valkey', version: '7.2', family: 'valkey7' },
  { engine: 'valkey', version: '8.0.1', family: 'valkey8' },
];
const draft = (edits: Partial<Draft> = {}): Draft => ({ ...newDraft(installed), name: 'orders', ...edits });

describe('name', () => {
  it.each([
    ['a', true],
    ['Orders-2', true],
    ['a'.repeat(40), true],
    ['a'.repeat(41), false],
    ['', false],
    ['2orders', false],
    ['-orders', false],
    ['orders-', false],
    ['or--ders', false],
    ['or_ders', false],
    ['注文', false],
  ])('%s', (name, good) => expect(isName(name)).toBe(good));
});

describe('engines', () => {
  it('begin with the newest Valkey', () => {
    expect(newDraft(installed)).toMatchObject({ engine: 'valkey', version: '8.0.1' });
    expect(newDraft([{ engine: 'redis', version: '7.0.15' }])).toMatchObject({ engine: 'redis', version: '7.0.15' });
  });

  it('have versions in the order of their numbers', () => {
    expect(versionsOf('redis', installed)).toEqual(['7.0.15', '7.0.9']);
    expect(withEngine(draft(), 'redis', installed)).toMatchObject({ engine: 'redis', version: '7.0.15' });
    const alias = { engine: 'redis', version: '7.1', servedBy: 'redis 7.0.15' };
    expect(withEngine(draft(), 'redis', [...installed, alias])).toMatchObject({ engine: 'redis', version: '7.0.15' });
    expect(withEngine(draft(), 'redis', [alias])).toMatchObject({ engine: 'redis', version: '7.1' });
  });

  it('of another family have another parameter group', () => {
    const redis = draft({ engine: 'redis', version: '7.0.15', parameterGroup: 'small' });
    expect(withVersion(redis, 'redis', '7.0.9', installed)).toMatchObject({
      version: '7.0.9',
      parameterGroup: 'small',
    });
    expect(withEngine(redis, 'valkey', installed)).toMatchObject({ version: '8.0.1', parameterGroup: '' });
    const valkey = draft({ parameterGroup: 'small' });
    expect(withVersion(valkey, 'valkey', '7.2', installed)).toMatchObject({ version: '7.2', parameterGroup: '' });
  });
});

describe('what is wrong', () => {
  const cases: [Partial<Draft>, Field[]][] = [
    [{}, []],
    [{ name: '' }, ['name']],
    [{ port: '1023' }, ['port']],
    [{ port: '6379x' }, ['port']],
    [{ port: '65535' }, []],
    [{ securityGroups: { chosen: [], typed: 'default' } }, ['securityGroups']],
    [{ access: 'token', token: 'short' }, ['token']],
    [{ access: 'token', token: 'a'.repeat(16) }, []],
    [{ access: 'token', token: 'a'.repeat(16), tls: false }, ['access']],
    [{ access: 'open', token: 'short' }, []],
    [{ tags: [{ key: '', value: 'x' }] }, ['tags']],
  ];
  it.each(cases)('%o', (edits, wrong) => expect(wrongWith(draft(edits))).toEqual(wrong));
});

describe('a refusal of the service', () => {
  const refusals = (code: string, edits: Partial<Draft> = {}) => {
    const sent = draft({ parameterGroup: 'small', subnetGroup: 'racks' });
    return refusalsOf(new ServiceError(code, 'no'), sent, { ...sent, ...edits });
  };

  it.each([
    ['ReplicationGroupAlreadyExists', { name: 'no' }],
    ['CacheParameterGroupNotFound', { parameterGroup: 'no' }],
    ['CacheSubnetGroupNotFoundFault', { subnetGroup: 'no' }],
    ['InvalidParameterValue', {}],
  ])('%s is said of %o', (code, said) => expect(refusals(code)).toEqual(said));

  it('is said until the field is another one', () => {
    expect(refusals('CacheSubnetGroupNotFoundFault', { subnetGroup: '' })).toEqual({});
    expect(refusals('CacheSubnetGroupNotFoundFault', { name: 'else' })).toEqual({ subnetGroup: 'no' });
    expect(refusalsOf(null, undefined, draft())).toEqual({});
  });
});

describe('request', () => {
  it('has what the form shows first', () => {
    expect(requestOf(draft())).toEqual({
      ReplicationGroupId: 'orders',
      ReplicationGroupDescription: 'orders',
      Engine: 'valkey',
      EngineVersion: '8.0.1',
      CacheNodeType: 'cache.t4g.micro',
      Port: 6379,
      NumCacheClusters: 3,
      AutomaticFailoverEnabled: true,
      MultiAZEnabled: false,
      TransitEncryptionEnabled: true,
      AtRestEncryptionEnabled: false,
    });
  });

  it('names groups only where some are chosen', () => {
    const none = requestOf(draft());
    expect([none.CacheParameterGroupName, none.CacheSubnetGroupName]).toEqual([undefined, undefined]);
    expect(requestOf(draft({ parameterGroup: 'small', subnetGroup: 'racks' }))).toMatchObject({
      CacheParameterGroupName: 'small',
      CacheSubnetGroupName: 'racks',
    });
  });

  it('names a key only where it encrypts', () => {
    const kmsKeyId = ' arn:aws:kms:us-east-1:000000000000:key/k ';
    expect(requestOf(draft({ atRest: true, kmsKeyId }))).toMatchObject({
      AtRestEncryptionEnabled: true,
      KmsKeyId: kmsKeyId.trim(),
    });
    expect(requestOf(draft({ atRest: true })).KmsKeyId).toBeUndefined();
    expect(requestOf(draft({ kmsKeyId })).KmsKeyId).toBeUndefined();
  });

  it('asks for no failover without replicas, and so for no zones', () => {
    const request = requestOf(draft({ replicas: 0, automaticFailover: true, multiAZ: true }));
    expect(request).toMatchObject({ NumCacheClusters: 1, AutomaticFailoverEnabled: false, MultiAZEnabled: false });
  });

  it('has a token only where one is chosen', () => {
    const token = 'a'.repeat(16);
    expect(requestOf(draft({ access: 'token', token })).AuthToken).toBe(token);
    expect(requestOf(draft({ access: 'open', token })).AuthToken).toBeUndefined();
  });

  it('has security groups only where some are named, chosen or typed', () => {
    expect(requestOf(draft()).SecurityGroupIds).toBeUndefined();
    const securityGroups = { chosen: ['sg-1'], typed: 'sg-2, sg-1' };
    expect(requestOf(draft({ securityGroups })).SecurityGroupIds).toEqual(['sg-1', 'sg-2']);
  });

  it('has the rest where it is given', () => {
    const edits = {
      description: 'of the shop',
      tags: [{ key: 'team', value: '' }],
      maintenanceWindow: 'mon:01:00-mon:02:00',
    };
    expect(requestOf(draft(edits))).toMatchObject({
      ReplicationGroupDescription: 'of the shop',
      PreferredMaintenanceWindow: 'mon:01:00-mon:02:00',
      Tags: [{ Key: 'team', Value: '' }],
    });
  });
});
