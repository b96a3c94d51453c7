import type { Dictionary } from '../en';

export const connectivity: Dictionary['group']['connectivity'] = {
  accessControl: 'アクセスコントロール',
  auth: 'Redis 認証デフォルトユーザーアクセス',
  noAccessControl: 'アクセスコントロールなし',
  withoutToken: 'トークンのないクライアント',
  accepted: '許可',
  refused: '拒否',
  lastModified: 'Redis 認証トークンの最終変更',
  change: '進行中の変更',
  changing: { ROTATING: 'トークンをローテーション中', SETTING: 'トークンを設定中' },
  credentials: '有効な認証情報と使用状況',
  asOf: (time) => `${time} 時点。認証情報を展開すると、クライアントが表示されます。`,
  asking: 'ノードに使用状況を問い合わせています。',
  showClients: (name) => `${name} のクライアントを表示`,
  hideClients: (name) => `${name} のクライアントを非表示`,
  columns: {
    who: '認証情報 / クライアント',
    added: '追加',
    connections: '接続数',
    logins: 'ログイン数',
    lastMinute: '直近 1 分',
    lastUsed: '最終使用',
    refused: '拒否',
  },
  now: '現在',
  unknownTokens: '不明なトークン',
  otherClients: 'その他のクライアント (合計)',
  formerly: (names) => `以前の名前: ${names}`,
  standing: { current: '現行', old: '旧', new: '新', retired: '無効' },
  missing: (node, reason) => `${node} に問い合わせできませんでした (${reason})。数値はいずれも下限です。`,
  otherCredentials: (count, refused) =>
    `このほかに無効な認証情報が ${count} 件あり、拒否されたログインは ${refused} 件です。`,
  users: (group) =>
    `クライアントは、ユーザーグループ ${group} のユーザーとしてログインします。ユーザーごとの使用状況は、まだ記録されません。`,
  fingerprintHint: 'トークンは SHA-256 の先頭 12 桁 (16 進数) で表示されます。トークンから求めるには:',
  set: {
    title: '今トークンを設定した場合の影響',
    nothing: '有効な認証情報が 1 つのみのため、設定の対象はありません。',
    free: '接続できなくなるクライアントはありません。',
    inUse: '接続できなくなるクライアントがあります。',
    unknown: '接続できなくなるクライアントがあるかどうか、確認できません。一部のノードに問い合わせできませんでした。',
    refused: '拒否されます。',
  },
  guard: {
    warn: '警告 (warn): 変更は実行され、影響を受けるクライアントがイベントに記録されます。',
    refuse: '拒否 (refuse): 無効になる認証情報が使用されている間、変更は拒否されます。',
    off: 'オフ (off): 確認せずに変更されます (AWS と同じ動作)。',
  },
  quiet: {
    none: '接続中のクライアントがある場合に、使用中とみなされます。',
    within: (time) => `接続中のクライアントがあるか、過去 ${time}以内に使用された場合に、使用中とみなされます。`,
  },
  guardTags: 'タグで変更',
  tls: {
    mode: '転送中の暗号化モード',
    meaning: {
      none: 'クライアントは平文で接続します。トークンの使用には TLS が必要です。',
      preferred: 'クライアントは、同じエンドポイントに TLS または平文で接続します。',
      required: 'クライアントは TLS でのみ接続できます。',
    },
    changingTo: (mode) => `変更中: ${mode}`,
    secure: 'このキャッシュを保護',
    steps: {
      offer: {
        name: 'TLS を追加',
        title: '平文に加えて TLS の接続を受け入れますか?',
        effect:
          'すべてのノードが、同じアドレスとポートで、平文に加えて TLS の接続を受け入れます。接続は切断されず、クライアントを 1 つずつ切り替えられます。切り替えには CA 証明書が必要です。',
      },
      require: {
        name: 'TLS を必須にする',
        title: 'TLS を必須にしますか?',
        effect:
          'すべてのノードが平文の接続を拒否します。平文の接続は 1 秒以内に切断され、クライアントは TLS に切り替えるまで接続できません。',
      },
      allow: {
        name: '平文の接続を再び許可',
        title: '平文の接続を再び許可しますか?',
        effect:
          'すべてのノードが、TLS に加えて平文の接続を受け入れます。接続は切断されません。平文の通信はネットワーク上で読み取られる可能性があります。その間、トークンは設定できません。',
      },
      off: {
        name: '暗号化を無効化',
        title: '転送中の暗号化を無効にしますか?',
        effect:
          'すべてのノードが TLS の接続を拒否します。TLS の接続は 1 秒以内に切断され、クライアントは平文に切り替えるまで接続できません。平文の通信はネットワーク上で読み取られる可能性があります。',
      },
    },
    tlsOpen: (_, n) => `現在、TLS の接続が ${n} 件あります。`,
    asked: (id) => `${id} の転送中の暗号化の変更を受け付けました。`,
    plaintext: {
      title: '平文で接続しているクライアント',
      asking: 'ノードに平文の使用状況を問い合わせています。',
      unread: '平文の使用状況を取得できませんでした',
      connections: '平文の接続数',
      tls: 'TLS の接続数',
      lastUsed: '平文の最終使用',
      never: '使用されたことはありません',
      clients: '平文のクライアント',
      client: (name, connections) => `${name}: ${connections} 件`,
    },
    gateless: (nodes) =>
      `${nodes} は以前のバージョンの aikagi が起動したノードのため、使用状況の確認もモードの変更もできません。先に再起動してください。`,
    guard: {
      warn: '警告 (warn): 平文が使用されていても TLS を必須にします。影響を受けるクライアントはイベントに記録されます。',
      refuse: '拒否 (refuse): 平文が使用されている間、TLS を必須にする変更は拒否されます。',
      off: 'オフ (off): 確認せずに TLS を必須にします。',
    },
    guardQuiet: {
      none: '平文の接続がある場合に、使用中とみなされます。',
      within: (time) => `平文の接続があるか、過去 ${time}以内に使用された場合に、使用中とみなされます。`,
    },
    fingerprint: '認証局の SHA-256 フィンガープリント',
    hint: 'クライアントがこの認証局を信頼すると、この aikagi のすべてのキャッシュのエンドポイントが信頼されます。',
    download: 'CA 証明書をダウンロード',
  },
};
