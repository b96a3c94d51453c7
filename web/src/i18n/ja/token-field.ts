import type { Dictionary } from '../en';

export const tokenField: Dictionary['tokenField'] = {
  generate: 'トークンを生成',
  show: '表示',
  showToken: 'トークンを表示',
  hide: '非表示',
  hideToken: 'トークンを非表示',
  copy: 'トークンをコピー',
  notCopied: 'トークンをコピーできませんでした',
  isKept: 'このトークンを保管しました',
  keepFirst: '生成したトークンをコピーするか、保管したことを確認してください。後から表示することはできません。',
  invalid: '次の条件を満たすトークンを入力してください。',
  rules: {
    length: '16～128 文字',
    characters: '半角英数字と記号 ! & # $ ^ < > - のみ',
  },
  rule: { 'not-started': '条件:', success: '条件を満たしています:', error: '条件を満たしていません:' },
};
