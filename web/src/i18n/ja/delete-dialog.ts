import type { Dictionary } from '../en';

export const deleteDialog: Dictionary['deleteDialog'] = {
  title: (n) => (n === 1 ? 'キャッシュを削除' : `${n} 個のキャッシュを削除`),
  question: (n) => (n === 1 ? '次のキャッシュを完全に削除しますか?' : `次の ${n} 個のキャッシュを完全に削除しますか?`),
  lost: 'すべてのノードが停止し、すべてのデータが失われます。バックアップは作成されません。クライアントはエンドポイントに接続できなくなります。この操作は元に戻せません。',
  confirm: (word) => `削除を確認するには、「${word}」と入力してください`,
  submit: '削除',
  refused: (id) => `${id} を削除できませんでした`,
  unanswered: (id) => `応答がありませんでした。${id} は削除された可能性があります`,
  stopped: (ids) => `削除を中止しました。次のキャッシュは削除されていません: ${ids.join('、')}`,
  deleting: (ids) =>
    ids.length === 1
      ? `キャッシュ ${ids[0]} の削除を受け付けました。`
      : `${ids.length} 個のキャッシュの削除を受け付けました: ${ids.join('、')}`,
};
