import type { Dictionary } from '../en';

export const signIn: Dictionary['signIn'] = {
  title: 'サインイン',
  intro: 'aikagi の起動時に表示されたワンタイムリンクを開くか、次のコマンドで新しいリンクを発行してください。',
  commands: {
    run: { where: 'make run で起動した場合 (同じフォルダーで実行):', command: 'bin/aikagi console --data-dir .aikagi' },
    installed: {
      where: 'それ以外の場合 (aikagi serve に --data-dir を指定したときは同じ値を指定):',
      command: 'aikagi console',
    },
  },
  withKey: 'アクセスキーでサインイン',
  keyHint:
    'キーはデータディレクトリの認証情報ファイルにあります。このページ内でリクエストの署名に一度だけ使用され、外部には送信されません。',
  keyId: 'アクセスキー ID',
  secret: 'シークレットアクセスキー',
  submit: 'サインイン',
  running: 'サインインしています',
  expired: 'セッションが終了しました。もう一度サインインすると、元のページに戻ります。',
  refused: {
    code: 'このリンクは使用済みか、発行から 10 分以上経過しています。下記のコマンドで新しいリンクを発行してください。',
    key: 'アクセスキー ID またはシークレットアクセスキーが正しくありません。',
    clock: 'このコンピューターの時計が、サーバーの時計と 15 分以上ずれています。',
    tries: '試行回数が多すぎます。しばらく待ってから、もう一度お試しください。',
    unreachable: 'aikagi が応答していません。起動しているか確認してください。',
  },
  missing: {
    keyId: 'アクセスキー ID を入力してください。',
    secret: 'シークレットアクセスキーを入力してください。',
  },
};
