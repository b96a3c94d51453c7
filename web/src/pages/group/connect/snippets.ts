// Programs and commands that connect, to be copied as they are. Secrets and files come from the environment:
// what is on the screen may be pasted anywhere.

export interface Target {
  host: string;
  port: number;
  /** By the certificate authority in the file that $AIKAGI_CA names. */
  tls: boolean;
  /** Whether clients log in with a token. */
  token: boolean;
}

export const clients = ['redis-cli', 'valkey-cli', 'go', 'python', 'node', 'java'] as const;
export type Client = (typeof clients)[number];

/** How to get the library of a client that is not one of the two commands. */
export const installs: Partial<Record<Client, string>> = {
  go: 'go get github.com/redis/go-redis/v9',
  python: 'pip install redis',
  node: 'npm install ioredis',
  java: 'io.lettuce:lettuce-core',
};

const isCommand = (client: Client) => client === 'redis-cli' || client === 'valkey-cli';

/** Which variable of the environment the token is taken from. Both commands know this one by themselves. */
export const tokenVariable = (client: Client) => (isCommand(client) ? 'REDISCLI_AUTH' : 'AUTH_TOKEN');

/** Sets the variable without the token being in the shell's history, or on an argument list. */
export const readToken = (client: Client) => `read -rs ${tokenVariable(client)} && export ${tokenVariable(client)}`;

/** Names the authority's file where a browser has put it. */
export const exportAuthority = 'export AIKAGI_CA=~/Downloads/aikagi-ca.pem';

/** How a client connects. */
export function snippet(client: Client, target: Target): string {
  switch (client) {
    case 'redis-cli':
    case 'valkey-cli':
      return command(client, target);
    case 'go':
      return go(target);
    case 'python':
      return python(target);
    case 'node':
      return node(target);
    case 'java':
      return java(target);
  }
}

/** Lines, without those that a target has no use for. */
const lines = (...all: (string | false)[]) => all.filter((line) => line !== false).join('\n');

const command = (name: string, { host, port, tls }: Target) =>
  `${name} ${tls ? '--tls --cacert "$AIKAGI_CA" ' : ''}-h ${host} -p ${port}`;

function go({ host, port, tls, token }: Target): string {
  // As gofmt aligns them.
  const name = (field: string) => `\t\t${`${field}:`.padEnd(tls ? 11 : token ? 10 : 6)}`;
  return lines(
    'package main',
    '',
    'import (',
    '\t"context"',
    tls && '\t"crypto/tls"',
    tls && '\t"crypto/x509"',
    '\t"fmt"',
    (tls || token) && '\t"os"',
    '',
    '\t"github.com/redis/go-redis/v9"',
    ')',
    '',
    'func main() {',
    tls && '\tpem, err := os.ReadFile(os.Getenv("AIKAGI_CA"))',
    tls && '\tif err != nil {',
    tls && '\t\tpanic(err)',
    tls && '\t}',
    tls && '\tauthorities := x509.NewCertPool()',
    tls && '\tauthorities.AppendCertsFromPEM(pem)',
    tls && '',
    '\tclient := redis.NewClient(&redis.Options{',
    `${name('Addr')}"${host}:${port}",`,
    token && `${name('Password')}os.Getenv("AUTH_TOKEN"),`,
    tls && `${name('TLSConfig')}&tls.Config{RootCAs: authorities},`,
    '\t})',
    '\tdefer client.Close()',
    '',
    '\tfmt.Println(client.Ping(context.Background()).Result())',
    '}',
  );
}

const python = ({ host, port, tls, token }: Target) =>
  lines(
    (tls || token) && 'import os',
    (tls || token) && '',
    'import redis',
    '',
    'client = redis.Redis(',
    `    host="${host}",`,
    `    port=${port},`,
    token && '    password=os.environ["AUTH_TOKEN"],',
    tls && '    ssl=True,',
    tls && '    ssl_ca_certs=os.environ["AIKAGI_CA"],',
    ')',
    'print(client.ping())',
  );

const node = ({ host, port, tls, token }: Target) =>
  lines(
    tls && 'import { readFileSync } from "node:fs";',
    'import Redis from "ioredis";',
    '',
    'const client = new Redis({',
    `  host: "${host}",`,
    `  port: ${port},`,
    token && '  password: process.env.AUTH_TOKEN,',
    tls && '  tls: { ca: readFileSync(process.env.AIKAGI_CA) },',
    '});',
    'console.log(await client.ping());',
    'client.disconnect();',
  );

const java = ({ host, port, tls, token }: Target) =>
  lines(
    tls && 'import io.lettuce.core.ClientOptions;',
    'import io.lettuce.core.RedisClient;',
    'import io.lettuce.core.RedisURI;',
    tls && 'import io.lettuce.core.SslOptions;',
    tls && 'import java.io.File;',
    '',
    'public class Connect {',
    '    public static void main(String[] args) {',
    '        RedisURI uri = RedisURI.builder()',
    `                .withHost("${host}")`,
    `                .withPort(${port})`,
    token && '                .withPassword(System.getenv("AUTH_TOKEN").toCharArray())',
    tls && '                .withSsl(true)',
    '                .build();',
    '        RedisClient client = RedisClient.create(uri);',
    tls && '        client.setOptions(ClientOptions.builder()',
    tls &&
      '                .sslOptions(SslOptions.builder().trustManager(new File(System.getenv("AIKAGI_CA"))).build())',
    tls && '                .build());',
    '        System.out.println(client.connect().sync().ping());',
    '        client.shutdown();',
    '    }',
    '}',
  );
