// One aikagi with a data directory and loopback addresses of its own, and real engines.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  CreateCacheClusterCommand,
  CreateReplicationGroupCommand,
  type CreateReplicationGroupCommandInput,
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
  ModifyReplicationGroupCommand,
  TestFailoverCommand,
} from '@aws-sdk/client-elasticache';
import { eventually } from './eventually';

const run = promisify(execFile);

/** Built by scripts/web.sh. */
const program = process.env.AIKAGI_PROGRAM ?? '';

/**
 * Addresses that no other test of this machine gets, while the socket is open: /24, or /16 for one that has more
 * groups than usual. The tests in Go claim theirs in the same way, below 127.224.0.0.
 */
async function claimRange(many: boolean): Promise<{ range: string; claim: Socket }> {
  for (let tries = 0; tries < 1000; tries++) {
    const [first, second] = [1 + Math.floor(Math.random() * (many ? 15 : 223)), Math.floor(Math.random() * 256)];
    const range = many ? `127.${223 + first}.0.0` : `127.${first}.${second}.0`;
    if (range.startsWith('127.80.')) continue; // the program's own default
    const claim = createSocket('udp4');
    try {
      await new Promise<void>((resolve, reject) => {
        claim.once('error', reject);
        claim.bind(
          { port: 4580, address: many ? `127.${223 + first}.255.255` : range.replace(/0$/, '255'), exclusive: true },
          resolve,
        );
      });
      return { range: range + (many ? '/16' : '/24'), claim };
    } catch {
      claim.close();
    }
  }
  throw new Error('no range of loopback addresses is free');
}

export interface Group {
  id: string;
  host: string;
  port: number;
}

export class Aikagi {
  url = '';
  private process?: ChildProcess;
  private log = '';

  private constructor(
    readonly dir: string,
    private readonly args: string[],
    private readonly range: string,
    private readonly claim: Socket,
  ) {}

  /** Starts one with further arguments for serve. The caller stops it. */
  static start = (...args: string[]): Promise<Aikagi> => Aikagi.startIn(claimRange(false), args);

  /** Starts one that has addresses for more groups than usual. */
  static startLarge = (...args: string[]): Promise<Aikagi> => Aikagi.startIn(claimRange(true), args);

  private static async startIn(claimed: ReturnType<typeof claimRange>, args: string[]): Promise<Aikagi> {
    if (!program) throw new Error('AIKAGI_PROGRAM is not set; run scripts/web.sh e2e');
    const { range, claim } = await claimed;
    const aikagi = new Aikagi(await mkdtemp(join(tmpdir(), 'aikagi-e2e-')), args, range, claim);
    await aikagi.serve('127.0.0.1:0');
    return aikagi;
  }

  private async serve(listen: string): Promise<void> {
    const args = ['serve', '--data-dir', this.dir, '--listen', listen, '--address-range', this.range, ...this.args];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = child;
    for (const output of [child.stdout, child.stderr]) {
      output?.on('data', (chunk) => {
        this.log += chunk;
      });
    }
    let ended = false;
    child.once('exit', () => {
      ended = true;
    });
    await eventually(async () => {
      if (ended) throw new Error(`aikagi serve ended:\n${this.log}`);
      const url = (await readFile(join(this.dir, 'endpoint'), 'utf8')).trim();
      if (!(await fetch(`${url}/healthz`)).ok) throw new Error('not healthy');
      this.url = url;
    });
  }

  /** All that it has written to its outputs. */
  output = (): string => this.log;

  /** A command of the program, with this data directory. */
  async command(...args: string[]): Promise<string> {
    return (await run(program, [...args, '--data-dir', this.dir])).stdout;
  }

  /** A one-time link into the console. */
  async link(): Promise<string> {
    const link = (await this.command('console')).match(/https?:\/\/\S+#code=\S+/)?.[0];
    if (!link) throw new Error('aikagi console printed no link');
    return link;
  }

  async accessKey(): Promise<{ id: string; secret: string }> {
    const file = await readFile(join(this.dir, 'credentials'), 'utf8');
    const value = (name: string) => file.match(new RegExp(`^${name}\\s*=\\s*(\\S+)`, 'm'))?.[1] ?? '';
    return { id: value('aws_access_key_id'), secret: value('aws_secret_access_key') };
  }

  async api(): Promise<ElastiCacheClient> {
    const { id, secret } = await this.accessKey();
    return new ElastiCacheClient({
      endpoint: this.url,
      region: 'us-east-1',
      credentials: { accessKeyId: id, secretAccessKey: secret },
    });
  }

  /** Creates a group of one node with TLS, or what is asked for, and waits until it is available. */
  async createGroup(id: string, input: Partial<CreateReplicationGroupCommandInput> = {}): Promise<Group> {
    const api = await this.api();
    await api.send(
      new CreateReplicationGroupCommand({
        ReplicationGroupId: id,
        ReplicationGroupDescription: id,
        CacheNodeType: 'cache.t4g.micro',
        NumCacheClusters: 1,
        TransitEncryptionEnabled: true,
        ...input,
      }),
    );
    return this.available(id);
  }

  async available(id: string): Promise<Group> {
    const api = await this.api();
    return eventually(async () => {
      const answer = await api.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: id }));
      const [group] = answer.ReplicationGroups ?? [];
      const endpoint = group?.NodeGroups?.[0]?.PrimaryEndpoint;
      if (group?.Status !== 'available' || !endpoint) throw new Error(`${id} is ${group?.Status}`);
      return { id, host: endpoint.Address ?? '', port: endpoint.Port ?? 0 };
    });
  }

  /** Changes a token past the console, and waits until the nodes have it. */
  async changeToken(id: string, strategy: 'ROTATE' | 'SET', token: string): Promise<void> {
    const api = await this.api();
    await api.send(
      new ModifyReplicationGroupCommand({
        ReplicationGroupId: id,
        ApplyImmediately: true,
        AuthToken: token,
        AuthTokenUpdateStrategy: strategy,
      }),
    );
    await this.available(id);
  }

  /** Creates a cache cluster that is in no group. */
  async createCluster(id: string): Promise<void> {
    const api = await this.api();
    const engine = { Engine: 'redis', CacheNodeType: 'cache.t4g.micro', NumCacheNodes: 1 };
    await api.send(new CreateCacheClusterCommand({ CacheClusterId: id, ...engine }));
    await eventually(async () => {
      const answer = await api.send(new DescribeCacheClustersCommand({ CacheClusterId: id }));
      const status = answer.CacheClusters?.[0]?.CacheClusterStatus;
      if (status !== 'available') throw new Error(`${id} is ${status}`);
    });
  }

  /** Has a replica take over, and waits until all nodes are back. */
  async failOver(id: string): Promise<void> {
    await (await this.api()).send(new TestFailoverCommand({ ReplicationGroupId: id, NodeGroupId: '0001' }));
    await eventually(async () => {
      const receipts = await this.command('failovers', id);
      if (!/recovered/.test(receipts)) throw new Error(receipts);
    });
  }

  /** Has the token of a group rotated, and that rolled back by its owner. */
  async rolledBack(id: string, file: string): Promise<void> {
    await this.command('token', 'rotate', id, '--deliver', `file:${file}`, '--finish', 'ask');
    const over = this.command('token', 'continue', id).catch(() => {}); // it says that it was rolled back
    await eventually(() => this.command('token', 'roll-back', id));
    await over;
    await eventually(async () => {
      const rotations = await this.command('token', 'rotations', id);
      if (!/rolled.back/.test(rotations)) throw new Error(rotations);
    });
  }

  /** Damages the snapshot of a group's one node and ends its process, so that the node cannot start again. */
  async breakNode(id: string): Promise<void> {
    const nodes = join(this.dir, 'nodes');
    const name = (await readdir(nodes)).find((entry) => entry.startsWith(`${id}-001.`)) ?? '';
    await writeFile(join(nodes, name, 'dump.rdb'), 'this is no snapshot');
    for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
      const place = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      if (place === join(nodes, name)) process.kill(Number(pid), 'SIGKILL');
    }
    await eventually(async () => {
      const status = await this.command('status', id);
      if (!status.includes('CANNOT START')) throw new Error(status);
    });
  }

  caFile = (): string => join(this.dir, 'ca.pem');

  /** Ends the control plane; engines go on. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  /** Starts it again at the address that it had. */
  async restart(): Promise<void> {
    await this.serve(new URL(this.url).host);
  }

  /** Ends it with its engines and removes its data. */
  async stop(): Promise<void> {
    await this.kill('SIGTERM');
    await this.command('down');
    await rm(this.dir, { recursive: true, force: true });
    this.claim.close();
  }
}
