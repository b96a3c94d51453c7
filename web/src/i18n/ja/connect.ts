import type { Dictionary } from '../en';

export const connect: Dictionary['connect'] = {
  title: 'キャッシュに接続',
  description: 'このキャッシュのエンドポイントに接続するコマンドとプログラムです。そのままコピーして使用できます。',
  noEndpoint: (status) =>
    `このキャッシュにはまだエンドポイントがありません (${status})。使用可能になると、ここにコマンドが表示されます。`,
  endpoint: 'エンドポイント',
  way: '接続先',
  ways: {
    primary: {
      name: 'プライマリ',
      detail: '読み取りと書き込みに使用します。フェイルオーバー後は新しいプライマリに接続されます。',
    },
    reader: { name: 'リーダー', detail: '読み取り専用です。レプリカに接続されます。' },
  },
  address: 'アドレス',
  port: 'ポート',
  tls: '転送中の暗号化',
  login: '認証',
  token: 'Redis 認証トークン',
  tokenOrNone: 'Redis 認証トークン (パスワードなしのアクセスも可能)',
  noToken: 'なし',
  loopback: 'これはループバックアドレスです。aikagi を実行しているマシンからのみ接続できます。',
  client: 'クライアント',
  clients: {
    'redis-cli': 'redis-cli',
    'valkey-cli': 'valkey-cli',
    go: 'Go',
    python: 'Python',
    node: 'Node.js',
    java: 'Java',
  },
  authority: '認証局 (CA) 証明書',
  authorityDetail:
    'クライアントは、このファイルを使用してノードの証明書を検証します。aikagi を実行しているマシンでは、aikagi env で AIKAGI_CA が設定されます。',
  download: 'CA 証明書をダウンロード',
  tokenInto: 'トークン',
  tokenDetail:
    'このコマンドを実行すると入力待ちになります。トークンを貼り付けて Enter キーを押してください。トークンはコマンドラインにもシェルの履歴にも残りません。',
  library: 'ライブラリ',
  programs: {
    'redis-cli': 'redis-cli で接続',
    'valkey-cli': 'valkey-cli で接続',
    go: 'main.go (go-redis)',
    python: 'connect.py (redis-py)',
    node: 'connect.mjs (ioredis)',
    java: 'Connect.java (Lettuce)',
  },
};
