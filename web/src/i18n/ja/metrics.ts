import type { Dictionary } from '../en';

export const metrics: Dictionary['metrics'] = {
  title: 'メトリクス',
  description: 'このページを開いている間は 2 秒ごと、それ以外は 1 分ごとに取得し、1 時間分を保持します。',
  range: '時間範囲',
  minutes: (n) => `${n} 分`,
  hour: '1 時間',
  node: (id, role) => (role ? `${id} (${role})` : id),
  noReplicas: 'この期間にデータのあるレプリカはありません。',
  noLookups: 'この期間にキーの参照はありません。',
  notWatched: 'データはまだありません。ノードが使用可能になると、数秒後に最初のデータが表示されます。',
  names: {
    CommandsPerSecond: 'コマンド数/秒',
    CurrConnections: '接続数',
    BytesUsedForCache: 'メモリ使用量',
    CacheHitRate: 'キャッシュヒット率',
    EngineCPUUtilization: 'エンジン CPU 使用率',
    Evictions: '削除 (エビクション) 数',
    ReplicationLag: 'レプリケーション遅延 (時間)',
    ReplicationOffsetLag: 'レプリケーション遅延 (バイト)',
    AuthenticationsPerSecond: 'トークン別の認証数/秒',
    Connections: 'トークン別の接続数',
  },
};
