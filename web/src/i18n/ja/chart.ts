import type { Dictionary } from '../en';

export const chart: Dictionary['chart'] = {
  loading: '読み込み中',
  empty: 'この期間のデータはありません。',
  starting: '数秒後に最初のデータが表示されます。',
  held: '表示中は更新を一時停止しています',
  legend: '凡例',
  connectionsByCredential: 'トークン別の接続数',
  old: (credential) => `旧: ${credential}`,
  new: (credential) => `新: ${credential}`,
  strings: {
    chartAriaRoleDescription: '折れ線グラフ',
    detailPopoverDismissAriaLabel: '閉じる',
    xAxisAriaRoleDescription: '時間軸',
    yAxisAriaRoleDescription: '値の軸',
  },
};
