import type { maintenance as en } from '../en/maintenance';

export const maintenance: typeof en = {
  title: 'メンテナンス',
  intro:
    'エンジンバージョンとノードタイプの変更は、すぐに適用するように指定しない限り、キャッシュの毎週のメンテナンスウィンドウで適用されます。ウィンドウを待たずに適用することもできます。',
  table: 'キャッシュとメンテナンスウィンドウ',
  cache: 'キャッシュ',
  status: 'ステータス',
  waits: '適用待ちの変更',
  window: 'メンテナンスウィンドウ',
  opens: '次回の開始',
  openNow: '現在ウィンドウの時間内',
  action: 'アクション',
  nodeType: (type) => `ノードタイプ ${type}`,
  version: (engine, version) => `${engine} ${version}`,
  nothing: 'なし',
  dueOnly: '適用待ちの変更があるキャッシュのみ',
  find: 'キャッシュを検索',
  matches: (n) => `${n} 件の一致`,
  noMatch: '一致するキャッシュがありません。',
  none: 'メンテナンスウィンドウを待っている変更はありません。',
  noCaches: 'キャッシュがありません。',
  start: {
    open: '今すぐ適用',
    openOf: (id) => `${id} に今すぐ適用`,
    title: (id) => `${id} に今すぐ適用しますか?`,
    keep: 'ウィンドウを待つ',
    submit: '今すぐ適用',
    changes: '次の変更を、メンテナンスウィンドウを待たずに適用します。',
    done: (id) => `${id} のメンテナンスウィンドウを待っていた変更の適用を開始しました。`,
  },
};
