import type { Sentences } from '../../facts/tell';
import { tight } from './tight';

/** What the service says in English of its own accord; parts of sentences have no full stop. */
export const facts: Sentences = {
  other: ({ words }) => words,

  'token-requested': ({ strategy, group, from, to, later }) =>
    `${group} のトークンの変更 (${strategy}) を受け付けました (${from} → ${to})。${later}`,
  'token-at-once': () => 'トークンの変更は、ApplyImmediately の値にかかわらず、すぐに適用されます。',
  'token-finished': ({ strategy, group, tokens }) =>
    tight`${group} のトークンの変更 (${strategy}) が完了しました。すべてのノードが受け入れるのは ${tokens} のみです。`,
  'passwordless-open': ({ group }) =>
    `${group} は、トークンのないクライアントを引き続き受け入れています。終了するには、新しいトークンを設定してください。`,
  'guard-refuses': ({ strategy, ends, group, use }) =>
    tight`${strategy} を実行すると、${group} の ${ends} が無効になりますが、${use}。何も変更されていません。先に、すべてのクライアントを新しいトークンに切り替えてください。切り替わっていないクライアントは、aikagi token usage ${group} で確認できます。それでも変更する場合は、グループのタグ aikagi:set-guard を warn または off に設定してください。`,
  'guard-warns': ({ strategy, ends, group, use }) =>
    tight`${strategy} により ${group} の ${ends} が無効になりますが、${use}。使用しているクライアントは、次に接続するときに拒否されます。`,
  'not-rotated': () =>
    '設定できるのは、最後にローテーションしたトークンのみです。先に同じトークンをローテーションしてください。',
  'rotation-forbids': ({ group, rotation, state }) =>
    `${group} のトークンローテーション (${rotation}) を実行中です (${state})。終了を待つか、キャンセルしてください。`,
  'two-held': ({ group, tokens }) =>
    tight`${group} では、2 つの認証情報 (${tokens}) が有効です。新しいトークンを追加すると、古いほうがただちに無効になります。先に、最後にローテーションしたトークンを設定するか、ガイド付きローテーションで開始済みの変更を完了してください。`,

  'users-joining': ({ group, users }) =>
    `${group} では、ユーザーグループ ${users} のユーザーとしてのみログインできるようになります (適用中)。`,
  'users-leaving': ({ group, users, tokens }) =>
    `${group} では、ユーザーグループ ${users} のユーザーとしてログインできなくなり、${tokens} を受け付けるようになります (適用中)。`,
  'users-in-force': ({ group, users }) =>
    `${group} の全ノードで、ユーザーグループ ${users} のユーザーとしてのみログインできるようになりました。`,
  'user-guard-refuses': ({ ends, group, use, user }) =>
    tight`この変更により ${group} の ${ends} が無効になりますが、${use}。何も変更されていません。先に、すべてのクライアントを別のパスワードに切り替えてください。切り替わっていないクライアントは、aikagi user usage ${user} で確認できます。それでも変更する場合は、${group} のタグ aikagi:set-guard を warn または off に設定してください。`,
  'user-guard-warns': ({ ends, group, use }) =>
    tight`この変更により ${group} の ${ends} が無効になりますが、${use}。使用しているクライアントは、次に接続するときに拒否されます。`,
  'users-password': ({ password, user }) => `ユーザー ${user} のパスワード ${password}`,
  'open-user': ({ user }) => `ユーザー ${user} のパスワードなしのアクセス`,
  'use-untold': ({ connections, missing }) =>
    `${connections} 件の接続が使用している可能性があります (7.2 より前のエンジンは、接続に使われたパスワードを区別しません)${missing && `。${missing}`}`,
  'users-no-set': ({ users }) =>
    `クライアントはユーザーグループ ${users} のユーザーとしてログインするため、SET するトークンはありません。`,

  'transit-requested': ({ group, from, to }) => `${group} の転送中の暗号化の変更 (${from} → ${to}) を受け付けました。`,
  'exposed-plaintext': ({ group }) =>
    `他のマシンから ${group} に平文で接続できます。通信経路上でデータを盗聴または改ざんされるおそれがあります。TransitEncryptionMode を required に変更してください。`,
  'exposed-tokenless': ({ group }) =>
    `他のマシンから ${group} にトークンなしで接続できます。ローテーションでトークンを追加し、設定してください。`,
  'exposed-open-user': ({ group, user, users }) =>
    `他のマシンから ${group} に、ユーザー ${user} としてパスワードなしでログインできます。パスワードを設定するか、ユーザーグループ ${users} で別のユーザーと入れ替えてください。`,
  'transit-none': ({ group }) => `${group} のすべてのノードが、平文の接続のみを受け入れます。`,
  'transit-preferred': ({ group }) =>
    `${group} のすべてのノードが、TLS の接続と平文の接続を、同じアドレスとポートで受け入れます。`,
  'transit-required': ({ group }) => `${group} のすべてのノードが、TLS の接続のみを受け入れます。`,
  'ending-plaintext': ({ connections, time }) =>
    `TLS が必須になりました。平文の接続 ${connections} 件は、${time}以内に切断されます。`,
  'ending-tls': ({ connections, time }) =>
    `転送中の暗号化がオフになりました。TLS の接続 ${connections} 件は、${time}以内に切断されます。`,
  'tls-guard-refuses': ({ group, use }) =>
    `TransitEncryptionMode を required にすると、${group} への平文の接続が切断されますが、${use}。何も変更されていません。先に、すべてのクライアントで TLS を有効にしてください。TLS を使用していないクライアントは、aikagi tls usage ${group} で確認できます。それでも変更する場合は、グループのタグ aikagi:tls-guard を warn または off に設定してください。`,
  'tls-guard-warns': ({ group, use }) =>
    `TransitEncryptionMode の required への変更により、${group} への平文の接続が切断されますが、${use}。TLS を使用しないクライアントは、接続できなくなります。`,
  'plaintext-in-use': ({ connections, opened, last, users, missing }) =>
    `使用されています (接続中 ${connections} 件、累計 ${opened} 件、${last}${users && `、クライアント: ${users}`})${missing && `。${missing}`}`,
  'plaintext-unknown': ({ missing }) => `使用状況を確認できません${missing && ` (${missing})`}`,
  'plaintext-quiet': ({ since }) => `使用されていません (最終使用 ${since})`,
  'plaintext-never': () => '使用されたことはありません',
  gateless: ({ nodes, group }) =>
    `${group} の ${nodes} は以前のバージョンの aikagi が起動したノードのため、再起動するまで転送中の暗号化を変更できません。何も変更されていません。レプリカから順に再起動してください (RebootCacheCluster)。自動フェイルオーバーが有効なプライマリは、再起動の前に役割をレプリカに引き継ぎます。`,

  'move-begun': ({ group, from, to }) =>
    `${group} をアドレスプラン ${from} から ${to} に移動します。両方のアドレスで接続を受け入れる準備をしています。`,
  'move-open': ({ group, from, to }) =>
    `${group} は、アドレスプラン ${to} のアドレスで接続を受け入れます。${from} のアドレスも引き続き使用できます。クライアントの接続先を切り替えてください。`,
  'move-closing': ({ group, plan }) => `${group} のアドレスプラン ${plan} のアドレスを閉じています。`,
  'move-leaving': ({ connections, time }) =>
    `キャッシュの移動により、使用されなくなるアドレスを閉じます。クライアントの接続 ${connections} 件は、${time}以内に切断されます。`,
  moved: ({ group, from, to }) =>
    `${group} をアドレスプラン ${from} から ${to} に移動しました。以前のアドレスは解放されました。`,
  'move-cancelled': ({ group, from, to }) =>
    `${group} のアドレスプラン ${to} への移動を取り消しました。${from} のアドレスで接続を受け入れます。`,
  'move-refused': ({ group, plan, users }) =>
    tight`${group} のアドレスプラン ${plan} のアドレスを閉じようとしましたが、まだクライアントが接続しています (${users})。何も変更されていません。先に、すべてのクライアントの接続先を切り替えてください。切り替わっていないクライアントは、aikagi move ${group} で確認できます。それでも閉じる場合は、--force を指定してください。`,
  'move-user': ({ address, at, n }) => `${address} → ${at} (${n} 件)`,
  'gateless-move': ({ nodes, group }) =>
    `${group} の ${nodes} は以前のバージョンの aikagi が起動したノードのため、再起動するまで移動できません。何も変更されていません。レプリカから順に再起動してください (RebootCacheCluster)。自動フェイルオーバーが有効なプライマリは、再起動の前に役割をレプリカに引き継ぎます。`,

  'security-requested': ({ group, ids }) => `${group} のセキュリティグループの変更を受け付けました (${ids})。`,
  'security-unknown': ({ group, ids }) =>
    `セキュリティグループ ${ids} のルールが登録されていないため、${group} には、到達できるすべてのクライアントが接続できます。接続を許可する送信元は、aikagi security-group create で登録してください。`,
  'security-gone': ({ group, id }) =>
    `セキュリティグループ ${id} は EC2 に存在しなくなりました。${group} では、最後に取得したルールが引き続き有効です。`,
  'security-back': ({ group, id }) =>
    `セキュリティグループ ${id} が再び EC2 に存在します。${group} では、そのルールが有効です。`,
  'shut-out': ({ connections }) => `セキュリティグループで許可されなくなった接続 ${connections} 件を切断しました。`,
  'security-late': ({ node }) =>
    `ノード ${node} には、セキュリティグループの新しいルールがまだ反映されていません。反映されるまで、変更前のルールが有効です。`,
  'gateless-security': ({ nodes, group }) =>
    `${group} の ${nodes} は以前のバージョンの aikagi が起動したノードのため、再起動するまでセキュリティグループを適用できません。何も変更されていません。レプリカから順に再起動してください (RebootCacheCluster)。自動フェイルオーバーが有効なプライマリは、再起動の前に役割をレプリカに引き継ぎます。`,

  'tls-offering': () =>
    'TLS の追加を開始しました (TransitEncryptionMode: preferred)。クライアントは TLS でも接続できるようになります。',
  'tls-offered': () =>
    'すべてのノードが、TLS の接続と平文の接続を受け入れます。クライアントが TLS に切り替わるのを待っています。',
  'tls-requiring': () => 'TLS の必須化を開始しました (TransitEncryptionMode: required)。平文の接続は切断されます。',
  'tls-required': () => 'すべてのノードが、TLS の接続のみを受け入れます。',
  'tls-stays-offered': ({ reason }) => `${reason}。TLS と平文の両方の接続を受け入れる状態に戻しています。`,

  'required-already': () => 'TLS が必須です。平文で接続することはできません。',
  'required-not-yet': () =>
    'すべてのクライアントが平文で接続しています。TransitEncryptionMode を preferred にすると、接続を切断せずに、TLS でも接続できるようになります。',
  'required-refused': ({ use }) =>
    `TransitEncryptionMode の required への変更は拒否されます (aikagi:tls-guard=refuse)。平文の接続は、${use}。`,
  'required-ends': ({ use }) =>
    `TransitEncryptionMode を required にすると、平文の接続が切断されます。平文の接続は、${use}。`,
  'required-ends-nothing': ({ use }) =>
    `TransitEncryptionMode を required にしても、切断される接続はありません。平文の接続は、${use}。`,

  'in-use': ({ connections, authentications, last, users, missing }) =>
    `使用されています (接続 ${connections} 件、認証 ${authentications} 件、${last}${users && `、クライアント: ${users}`})${missing && `。${missing}`}`,
  'used-now': () => '現在使用中',
  'used-last': ({ since }) => `最終使用 ${since}`,
  'use-unknown': ({ missing }) => `使用状況を確認できません${missing && ` (${missing})`}`,
  'use-partly': ({ missing }) => `使用状況を一部確認できません${missing && ` (${missing})`}`,
  'node-missing': ({ node, reason }) => `ノード ${node} に問い合わせできませんでした (${reason})`,
  'client-named': ({ name, about }) => `${name} (${about})`,
  'client-unnamed': ({ about }) => about,
  'client-formerly': ({ about, names }) => `${about} (以前の名前: ${names})`,
  'more-clients': ({ n }) => `ほか ${n} 件`,
  'at-least-more-clients': ({ n }) => `ほか ${n} 件以上`,
  'nothing-to-set': ({ held }) => tight`有効な認証情報は ${held} のみのため、設定の対象はありません。`,
  'set-would': ({ effect }) => `トークンを設定すると、${effect}。`,
  'set-refused': ({ effect }) => `設定は拒否されます (aikagi:set-guard=refuse)。設定すると、${effect}。`,
  'locks-out': ({ connections, users, doubt }) =>
    `${connections} 件の接続が、次に接続するときに拒否されます${users && ` (クライアント: ${users})`}${doubt}`,
  'locks-out-recent': ({ ends, since, users, doubt }) =>
    tight`${since}に ${ends} を使用したクライアントが接続できなくなります${users && ` (${users})`}${doubt}`,
  'perhaps-others': () => '。問い合わせできないノードがあるため、ほかにも該当するクライアントがある可能性があります',
  'ends-doubtful': ({ ends, use }) => tight`${ends} が無効になりますが、${use}`,
  'ends-unused': ({ ends }) => tight`${ends} が無効になります。使用しているクライアントはありません`,
  'ends-last-used': ({ ends, since }) => tight`${ends} が無効になります。最後に使用されたのは ${since}です`,
  'not-running': () => '停止しています',
  'module-too-old': () =>
    '以前のバージョンの aikagi のエンジンモジュールで動作しているため、再起動されるまで対応できません',
  'no-answer': ({ time }) => `${time}以内に応答がありませんでした`,
  unreachable: () => '接続できません',
  'nobody-asks': () => '問い合わせる手段がありません',
  'unknown-of-nodes': ({ nodes }) => `旧認証情報の使用状況を確認できないノードがあります: ${nodes}`,
  'node-why': ({ node, reason }) => `${node} (${reason})`,
  'refused-of': ({ n, clients }) => `拒否されたログイン ${n} 件 (${clients})`,
  'refused-of-nobody': ({ n }) => `拒否されたログイン ${n} 件 (クライアントは不明)`,

  rotation: ({ rotation, group, what }) => `${group} のトークンローテーション (${rotation}): ${what}`,
  'rotation-begun': ({ rotation, group, cause, old }) =>
    tight`${group} のトークンローテーション (${rotation}) を開始しました (開始方法: ${cause})。${old} が無効になる予定です。`,
  'rotate-requested': ({ from, to }) => `新しいトークンの追加を開始しました (${from} → ${to})。`,
  delivered: ({ token, to, old }) =>
    tight`${token} を ${to} に配信しました。クライアントが ${old} から切り替わるのを待っています。`,
  'finish-wanted': () => '今すぐ完了するよう要求されました。',
  'set-requested': ({ from, to }) => `旧認証情報の無効化を開始しました (${from} → ${to})。`,
  'brownout-begun': ({ time, from, to }) => `${time}のブラウンアウトを開始しました (${from} → ${to})。`,
  'brownout-found': ({ old, refused }) =>
    tight`ブラウンアウトで、${old} を使用しているクライアントが見つかりました (${refused})。${old} は再び有効です。`,
  'set-proven': ({ token, old, time }) =>
    tight`有効なのは ${token} のみになりました。${old} による拒否されたログインを ${time}監視します。`,
  evicting: ({ old, time }) => tight`${old} で開かれた接続を ${time}かけて切断しています。`,
  'held-up': ({ problem }) => `処理が保留されています。自動的に再試行されます: ${problem}`,
  'roll-back-wanted': () => 'ロールバックするよう要求されました。',
  'rolled-back': ({ reason, old }) => tight`ロールバックしました (${reason})。${old} は再び有効です。`,
  'cancel-wanted': () => 'キャンセルするよう要求されました。',
  cancelled: ({ tokens }) => tight`キャンセルされました。有効な認証情報は ${tokens} です。`,
  'goes-back': ({ reason, tokens }) => tight`${reason}。有効な認証情報を ${tokens} に戻しています。`,
  'delivery-ended': ({ state, reason, tokens }) =>
    tight`${state} (${reason})。有効な認証情報は ${tokens} です。新しいトークンはどこにも届いていない可能性があり、次回のローテーションで置き換えられます。`,
  'rotation-failed': ({ reason, tokens }) => tight`失敗しました (${reason})。有効な認証情報は ${tokens} です。`,
  concluded: ({ state, tokens }) => tight`${state}。すべてのノードが受け入れるのは ${tokens} のみです。`,
  'owner-cancelled': () => '所有者がキャンセルしました',
  'owner-rolled-back': () => '所有者がロールバックしました',
  'still-used': ({ old, refused }) => tight`${old} がまだ使用されています: ${refused}`,
  'tokens-changed': ({ tokens }) => tight`トークンが別の操作で変更され、有効な認証情報が ${tokens} になりました`,
  undelivered: ({ problem }) => `トークンを配信できませんでした${problem && `: ${problem}`}`,
  'destination-failed': ({ detail }) => `配信先を確認できませんでした: ${detail}`,
  'staging-failed': ({ detail }) => `配信を準備できませんでした: ${detail}`,
  'delivery-failed': ({ detail }) => `トークンを配信できませんでした: ${detail}`,
  'group-deleted': () => 'レプリケーショングループが削除されました',
  'group-lost-it': () => 'グループにこのローテーションの情報がありません',
  'kill-warning': ({ version, hole, mended }) =>
    `接続の切断に使用する CLIENT KILL により、${version} のノードがクラッシュする可能性があります (${hole}、${mended} で修正)。クラッシュしたノードは自動的に再起動されます。`,
  'schedule-set': ({ group, days, at }) =>
    `${group} のトークンローテーションのスケジュールを ${days} 日ごとに設定しました。初回は ${at} です。`,
  'schedule-dropped': ({ group }) => `${group} のトークンローテーションのスケジュールを削除しました。`,
  'schedule-failed': ({ group, reason, at }) =>
    `${group} のスケジュールされたトークンローテーションに失敗しました (${reason})。${at} に再試行されます。`,
  'scheduled-ended': ({ rotation, state, reason }) => `${rotation}: ${state} (${reason})`,

  'cannot-start': ({ fault }) => `キャッシュノードを起動できません: ${fault}`,
  'node-cannot-start': ({ node, fault }) => `${node} を起動できません: ${fault}`,
  'node-fault': ({ why, evidence, fix }) => `${why} (詳細: ${evidence})。${fix}`,
  'set-aside-asked': ({ bytes, written, file }) =>
    `読み込めないスナップショット (${bytes} バイト、${written} に書き込み) を ${file} に退避しました。ノードは空の状態で起動し、そのファイルのデータは失われます。`,
  'set-aside-for-others': ({ bytes, written, file }) =>
    `読み込めないスナップショット (${bytes} バイト、${written} に書き込み) を ${file} に退避しました。データは別のノードからコピーされます。`,
  'nothing-set-aside': () => '退避するスナップショットがないため、キャッシュノードは空の状態で起動します。',
  'node-fault-snapshot': () => 'スナップショット (dump.rdb) が壊れているか、メモリに収まりません',
  'node-fault-snapshot-version': () =>
    'スナップショット (dump.rdb) が、インストールされているものより新しいエンジンで書き込まれています',
  'node-fault-module': () => 'エンジンモジュールがないか、壊れています',
  'node-fault-configuration': () => 'エンジンが設定を受け付けません',
  'node-fault-address': () => '必要なアドレスまたはソケットが使用中です',
  'node-fault-permission': () => 'ファイルの読み取りまたは書き込みの権限がありません',
  'node-fault-memory': () => 'メモリが足りません',
  'node-fault-disk': () => 'データディレクトリのディスクがいっぱいか、書き込めません',
  'node-fault-engine': () => 'エンジンのプログラムを実行できません',
  'node-fault-sealed': () => 'ファイルは暗号化されており、その鍵を取得できません',
  'node-fault-crash': () => 'エンジンが起動中にクラッシュします',
  'node-fault-unknown': () => 'エンジンがすぐに終了します',
  'node-mend-snapshot': ({ node }) =>
    `正常な dump.rdb をノードのディレクトリに置いてください。redis-check-rdb または valkey-check-rdb でファイルに問題がなければ、メモリを増やしてください。データなしで起動する場合は、aikagi node repair ${node} を実行してください。`,
  'node-mend-snapshot-version': ({ node }) =>
    `書き込んだバージョンのエンジンをインストールし、aikagi を再起動してください。データなしで起動する場合は、aikagi node repair ${node} を実行してください。`,
  'node-mend-module': () =>
    'aikagi を再起動してください。可能であればモジュールが作り直されます。または aikagi module build で作成し、aikagi serve --engine-module で指定してください。',
  'node-mend-configuration': () =>
    'エンジンのパッケージが変更されていないか確認し、以前のバージョンをインストールしてください。設定は起動のたびに aikagi が書き直します。ノードの起動は自動的に再試行されます。',
  'node-mend-address': () =>
    '使用しているプログラムを調べ (ss -ltnp、ss -lxp)、終了してください。ノードの起動は自動的に再試行されます。',
  'node-mend-permission': () =>
    'ノードのディレクトリとその中のファイルの所有者を、ノードを実行するユーザーに戻してください。ノードの起動は自動的に再試行されます。',
  'node-mend-memory': () =>
    'メモリを増やすか、メモリを使用しているプログラムを終了してください (メモリ不足による終了は dmesg で確認できます)。ノードの起動は自動的に再試行されます。',
  'node-mend-disk': () =>
    'データディレクトリのディスクに空きを作り、読み取り専用でマウントされていないことを確認してください (df、mount)。ノードの起動は自動的に再試行されます。',
  'node-mend-engine': () =>
    'エンジンをインストールし直すか、aikagi serve --engine-path で指定してください。ノードを実行するユーザーが実行できる必要があります。その後、aikagi を再起動してください。',
  'node-mend-sealed': () =>
    '暗号化を解くのに必要なものを aikagi に戻してください。serve --kms-endpoint の鍵管理サービスとその鍵を使う権限、または暗号化に対応したファイルシステムです (aikagi doctor)。ノードは自動的に再試行されます。',
  'node-mend-crash': () =>
    'ノードのディレクトリの engine.log と start.log に、エンジンの出力がすべて残っています。ノードの起動は自動的に再試行されます。',
  'node-mend-unknown': () =>
    'ノードのディレクトリの engine.log と start.log に、エンジンの出力がすべて残っています。ノードの起動は自動的に再試行されます。',
  'node-ended': ({ reason }) => `キャッシュノードが予期せず停止したため (${reason})、再起動しています。`,
  'node-hangs': () => 'キャッシュノードが応答しないため、再起動しています。',
  'node-rebooting': () => 'キャッシュノードを再起動しています。',
  'node-restarted': ({ state }) => `キャッシュノードが再起動しました: ${state}`,
  'back-in-sync': () => 'プライマリと同期しています',
  'keys-loaded': ({ n }) => `${n} 個のキーを読み込みました`,
  'snapshot-loaded': ({ n }) =>
    `最後のスナップショットから ${n} 個のキーを読み込みました。その後の書き込みは失われました`,
  unwatched: () => 'aikagi の停止中',
  'cannot-save': () =>
    'キャッシュノードがスナップショットを書き込めません。ノードは動作を続けています。データディレクトリのディスクの空き容量を確認してください。',
  'saves-again': () => 'キャッシュノードがスナップショットを再び書き込めるようになりました。',
  'parameter-refused': ({ setting, value, engine, reason }) =>
    `${setting} の値 ${value} は、パラメータグループに保存されていますが、適用されていません。${engine} が受け付けません${reason && ` (${reason})`}。`,
  'disk-full': ({ place }) =>
    `${place} のディスクがいっぱいです。変更は拒否され、新しいファイルが必要なノードは起動できません。空き容量を確保すると、自動的に再開されます。`,
  'disk-room': ({ place }) => `${place} のディスクに再び空きができました。`,
  'replica-behind': ({ node, time, n }) =>
    `レプリカ ${node} に ${time}の遅延 (${n} バイト) があるため、リーダーエンドポイントから外されました。追いつくまで、ノード自体のアドレスにも接続できません。`,
  'replica-caught-up': ({ node, time }) => `レプリカ ${node} は ${time}後に追いつき、再び読み取れるようになりました。`,
  'clients-full': ({ node, n, limit, from }) =>
    tight`ノード ${node} のクライアント接続数が上限に達しています (${limit} 件中 ${n} 件${from && `、主な接続元: ${from}`})。いずれかの接続が閉じられるまで、新しいクライアントは拒否されます。`,
  'clients-mend': ({ port, node }) =>
    `接続を保持しているプログラムを調べ (同じマシン上の場合は ss -tnp 'dport = :${port}')、不要な接続を閉じるか、プログラムを終了してください。接続中のクライアントから CLIENT KILL ADDR で切断することもできます。ノード ${node} を再起動すると、すべての接続が切断されます。`,
  'clients-from': ({ address, n }) => `${address} (${n} 件)`,
  'clients-room': ({ node }) => `ノード ${node} に、新しいクライアントが再び接続できるようになりました。`,
  rehomed: ({ at, whose, to }) =>
    `${whose}のアドレス ${at} は、このマシンのアドレスではなくなりました。クライアントの接続先は ${to} です。`,
  'address-restored': ({ at, whose }) =>
    `${whose}のアドレス ${at} がこのマシンのネットワークインターフェイスから削除されていたため、再び追加しました。`,
  'address-contested': ({ at, whose, machine }) =>
    `${whose}のアドレス ${at} が、ネットワーク上の別のマシン (${machine}) にも使用されています。クライアントがそちらに接続してしまうおそれがあります。--pool-range の範囲を aikagi 専用に確保してください。`,
  'address-taken': ({ at, whose, taker }) =>
    `${whose}のアドレス ${at} が${taker}に使用されているため、クライアントはキャッシュに接続できません。そのプログラムを終了すると、自動的に再開されます。`,
  'address-free': ({ at, whose }) => `${whose}のアドレス ${at} が再び使用できるようになりました。`,
  'primary-endpoint': () => 'プライマリエンドポイント',
  'reader-endpoint': () => 'リーダーエンドポイント',
  'one-node': ({ node }) => `ノード ${node} `,
  'taken-by-process': ({ pid, program }) => `プロセス ${pid} (${program}) `,
  'taken-by-user': ({ user }) => `ユーザー ${user} のプログラム`,
  'taken-by-somebody': () => '別のプログラム',
  'version-succeeds': ({ old, new: successor }) =>
    `${old} はインストールされていません。各ノードの次回の起動から ${successor} が使用されます。`,
  'build-gone': ({ version, group }) =>
    `${group} が使用している ${version} も、その代わりになるバージョンもインストールされていません。実行中のノードは動作を続けますが、新たに起動することはできません。再度インストールし、--engine-path で指定してください。`,
  'build-back': ({ version, group }) => `${group} が使用している ${version} が再びインストールされました。`,
  'served-by-alias': ({ group, asked, build }) =>
    `${group} に指定された ${asked} はインストールされていないため、${build} が提供します。`,
  'upgrade-requested': ({ group, from, to }) => `${group} の ${from} から ${to} へのアップグレードを受け付けました。`,
  'upgrade-waits': ({ group, to, window }) =>
    `${group} の ${to} へのアップグレードは、メンテナンスウィンドウ (${window}) まで待機します。`,
  'upgrade-taken-back': ({ group, from, to }) =>
    `メンテナンスウィンドウを待っていた ${group} の ${to} へのアップグレードを取り消しました。${from} のまま動作を続けます。`,
  'upgrade-restarts': ({ node, version }) => `ノード ${node} を ${version} で再起動しています。`,
  'upgrade-given-up': ({ group, from, to, reason }) =>
    `${group} の ${from} から ${to} へのアップグレードを中止し、${from} に戻します: ${reason}`,
  upgraded: ({ group, version }) => `${group} のすべてのノードで ${version} が動作しています。`,
  'not-installed': ({ version }) => `${version} はインストールされていません`,
  'resize-waits': ({ group, to, window }) =>
    `${group} のノードタイプの ${to} への変更は、メンテナンスウィンドウ (${window}) まで待機します。`,
  'resize-taken-back': ({ group, from, to }) =>
    `メンテナンスウィンドウを待っていた ${group} のノードタイプの ${to} への変更を取り消しました。${from} のまま変わりません。`,
  'resize-given-up': ({ group, from, to, reason }) =>
    `メンテナンスウィンドウを待っていた ${group} のノードタイプの ${to} への変更を中止しました。${from} のまま変わりません: ${reason}`,
  'data-too-large': ({ used, room, parameters }) =>
    `メモリ使用量が最も多いノードは ${used} バイトを使用していますが、そのタイプのノードが保持できるのは ${room} バイトです (パラメータグループ ${parameters})`,
  'adding-replicas': ({ nodes, group }) => `${group} に ${nodes} を追加しています。`,
  'removing-replicas': ({ nodes, group }) => `${group} から ${nodes} を削除しています。`,
  'creation-failed': ({ group, reason }) => `${group} の作成に失敗しました: ${reason}`,
  'group-deleting': ({ group }) => `レプリケーショングループ ${group} を削除しています。`,
  'cluster-deleting': ({ group }) => `キャッシュクラスター ${group} を削除しています。`,
  'promotion-requested': ({ node, group }) => `${group} のプライマリへの ${node} の昇格を受け付けました。`,
  'failover-given-up': ({ group, reason }) => `${group} のフェイルオーバーを中止しました (${reason})。`,
  'lost-before-sync': () => 'プライマリが失われたとき、同期済みのレプリカがありませんでした',
  'no-replica-in-sync': () => '同期できたレプリカがありませんでした',
  'failover-overtaken': () =>
    'すべてのノードが復帰する前に、別のフェイルオーバーが開始されたか、グループが削除されました',
};
