import type { Dictionary } from '../en';

export const navigation: Dictionary['navigation'] = {
  title: 'セクション',
  menu: 'メニュー',
  caches: 'キャッシュ',
  parameters: 'パラメータグループ',
  subnets: 'サブネットグループ',
  security: 'セキュリティグループ',
  maintenance: 'メンテナンス',
};
