import type { Dictionary } from '../en';
import { tight } from './tight';

export const rotationHow: Dictionary['rotation']['how'] = {
  tab: '今すぐローテーション',
  start: 'ローテーションを開始',
  adopt: {
    title: '開始済みの変更を完了します',
    text: (old, fresh) =>
      tight`新しいトークンは作成されません。${fresh} を残し、${old} を無効にします。完了すると、新しいトークンにローテーションできます。`,
  },
  replace: {
    title: '配信されなかったトークンを置き換えます',
    text: (old, fresh) =>
      tight`${fresh} はどこにも届いていない可能性があるため、新しいトークンの追加と同時に無効になります。クライアントは、新しいトークンを受け取るまで ${old} を引き続き使用できます。`,
  },
  blocked: '現在、ローテーションを開始できません',
  noneHint:
    'このグループの最初のトークンです。ポートに到達できる第三者は、猶予期間中にトークンなしでアクセスを試みることで、パスワードなしのアクセスを復活させることができます。第三者が到達できる環境では「元に戻さない」を選択するか、上限を設定してください。',
  delivery: '新しいトークンの配信',
  deliveryHint: '配信されたトークンが唯一のコピーです。aikagi には保存されません。',
  kind: '配信先',
  kinds: { file: 'ファイル', command: 'プログラム', secretsmanager: 'AWS Secrets Manager' },
  kindHints: {
    file: '所有者のみが読み取れるファイルを一度に置き換えます。クライアントは接続時に読み取ります。',
    command: 'シェルを介さずに実行します。トークンは標準入力、処理内容は AIKAGI_VERB で渡されます。',
    secretsmanager: 'AWSPENDING を経て AWSCURRENT になります。以前のトークンは AWSPREVIOUS になります。',
  },
  allow: {
    file: 'サービスのデータディレクトリ内の deliveries フォルダ (make run では .aikagi/deliveries) に書き込めます。その他のフォルダ: aikagi serve --delivery-files DIR',
    command: 'サービスの起動時に、対象フォルダの許可が必要です: aikagi serve --delivery-commands DIR',
    secretsmanager:
      '書き込み権限は AWS 側で管理されます。AWS 以外のサーバーの場合: aikagi serve --delivery-endpoints URL',
  },
  path: 'ファイルのパス',
  program: 'プログラムのパス',
  arguments: '引数 - オプション',
  argumentsHint:
    '空白で区切ります。引用符はシェルと同様に使用できます。保存および表示されるため、シークレットは含めないでください。',
  secret: 'シークレットの名前または ARN',
  region: 'リージョン - オプション',
  key: 'キー - オプション',
  keyHint: 'シークレットが JSON オブジェクトの場合に、置き換えるキー。',
  more: 'その他のオプション',
  profile: 'プロファイル - オプション',
  profileHint: 'サービスが使用する AWS 設定ファイルのプロファイル。',
  endpoint: 'エンドポイント - オプション',
  create: 'シークレットがない場合は作成する',
  insecure: '別のマシンへの HTTP 接続を許可する',
  insecureHint: 'トークンは暗号化されずにネットワーク上を流れます。',
  required: '新しいトークンの配信先を入力してください。',
  target: 'ターゲット',
  rules: '旧認証情報の無効化',
  finish: '無効にするタイミング',
  finishes: {
    quiet: '一定期間使用されなくなったとき',
    deadline: '期限が来たとき',
    both: '上記のいずれか早い方',
    ask: '自分で指示したとき',
  },
  finishHints: {
    quiet: '最も安全です。断続的に使用するクライアントも締め出されません。',
    deadline: '使用の有無にかかわらず、配信から一定時間後に無効になります。',
    both: '一定期間使用されなくなるか、遅くとも期限が来ると無効になります。',
    ask: 'このページで [今すぐ完了] を選択するまで待機します。',
  },
  quiet: '未使用期間',
  deadline: '配信からの期限',
  duration: '例: 30s、10m、24h',
  durationError: '30s、10m、24h のような形式で入力してください。',
  brownout: 'ブラウンアウト',
  brownoutHint:
    '無効化の前に、旧認証情報を指定した時間だけ拒否します。影響を受けるクライアントは記録され、ただちに復旧します。0s: 行いません。',
  evict: '開いている接続の切断時間',
  evictHint: '無効化後、旧認証情報で開かれた接続を、指定した時間に分散して切断します。0s: 接続を維持します。',
  grace: '猶予期間',
  graceHint: '無効化後、拒否されたログインを監視し、旧認証情報を元に戻すことができる期間です。',
  back: '旧認証情報を元に戻す条件',
  backs: {
    first: '最初の拒否されたログイン',
    over: '拒否されたログインが上限を超えたとき',
    never: '元に戻さない (漏洩した場合)',
  },
  over: '許容する拒否されたログインの数',
  overError: '1 以上の整数を入力してください。',
  leaked: '漏洩時の設定にする',
  normal: 'デフォルトに戻す',
  plan: '実行される内容',
  steps: {
    make: (old) =>
      tight`新しいトークンを作成し、${old} に加えて、すべてのノードが受け入れます。クライアントへの影響はありません。`,
    deliverSomewhere: 'トークンを配信します。失敗した場合は、15 分間再試行されます。',
    deliver: (target) => `トークンを ${target} に配信します。失敗した場合は、15 分間再試行されます。`,
    adopt: (old, fresh) => tight`当初は ${old} と ${fresh} の両方が引き続き有効です。`,
    quiet: (d) => `旧認証情報が使用されない状態が ${d}続くまで待機します。`,
    deadline: (d) => `旧認証情報の使用の有無にかかわらず、配信から ${d}待機します。`,
    both: (quiet, deadline) =>
      `旧認証情報が使用されない状態が ${quiet}続くまで待機します。待機は最長 ${deadline}です。`,
    ask: '旧認証情報を使用しているクライアントを表示しながら、指示を待ちます。',
    brownout: (d) =>
      `旧認証情報を ${d}拒否します。影響を受けたクライアントは記録され、ただちに復旧し、待機をやり直します。`,
    stay: '新しいトークンのみが有効になります (SET)。開いている接続は維持されます。',
    evict: (d) => `新しいトークンのみが有効になります (SET)。旧認証情報で開かれた接続を、${d}かけて切断します。`,
    first: (d) => `その後 ${d}監視し、旧認証情報によるログインが 1 件でも拒否されると、1 秒以内に元に戻します。`,
    over: (d, n) => `その後 ${d}監視し、旧認証情報の拒否されたログインが ${n} 件を超えると元に戻します。`,
    never: (d) => `その後 ${d}、拒否されたログインを数えます。元には戻しません。`,
  },
};
