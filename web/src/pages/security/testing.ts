// What the tests of security groups begin with.
import type { SecurityGroup, SecurityGroupRule } from '../../api/own';

export const rule = (Source: string, more: Partial<SecurityGroupRule> = {}): SecurityGroupRule => ({
  Source,
  FromPort: undefined,
  ToPort: undefined,
  Description: '',
  ...more,
});

/** One that lets a network in and that a cache names. */
export const securityGroup = (more: Partial<SecurityGroup> = {}): SecurityGroup => ({
  SecurityGroupId: 'sg-web',
  GroupName: 'web',
  Description: 'servers of the shop',
  Rules: [rule('10.1.0.0/16')],
  CreatedAt: new Date('2026-11-23T12:00:00Z'),
  UsedBy: ['orders'],
  Origin: 'own',
  VpcId: '',
  ReadAt: undefined,
  GoneSince: undefined,
  Twice: false,
  ...more,
});
