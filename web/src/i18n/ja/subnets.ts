import type { subnets as en } from '../en/subnets';

export const subnets: typeof en = {
  title: 'サブネットグループ',
  intro:
    'サブネットグループは、構成でキャッシュを配置するサブネットを定義します。サブネットによってノードのゾーンが決まり、アドレスプールと EC2 API を使用している場合はノードのアドレスも決まります。接続の許可は、セキュリティグループで定義します。',
  table: 'サブネットグループ',
  name: '名前',
  description: '説明',
  vpc: 'VPC',
  subnets: 'サブネット',
  subnet: (id, zone) => `${id} (${zone})`,
  usedBy: '使用しているキャッシュ',
  unused: 'なし',
  action: 'アクション',
  find: 'サブネットグループを検索',
  matches: (n) => `${n} 件の一致`,
  noMatch: '一致するサブネットグループがありません。',
  none: 'サブネットグループがありません',
  create: {
    title: 'サブネットグループを作成',
    submit: 'サブネットグループを作成',
    nameRule: '半角英数字、ハイフン、ピリオド、アンダースコアを使用できます。小文字で保存されます。',
    nameWrong: '半角英数字で始まり、下記の文字のみを使用した名前を入力してください。',
    subnetsHint:
      '1 行に 1 つずつ入力します。EC2 の API がない場合は任意の ID を使用でき、サブネットはリージョンのゾーンに分散されます。',
    subnetsMissing: 'サブネットを 1 つ以上入力してください。',
    subnetsWrong: (ids) => `サブネットの ID ではありません: ${ids}`,
    done: (name) => `サブネットグループ ${name} を作成しました。`,
  },
  modify: {
    openOf: (name) => `${name} を変更`,
    title: (name) => `サブネットグループ ${name} を変更`,
    submit: '変更を保存',
    effect: '使用しているキャッシュへの影響はありません。',
    done: (name) => `サブネットグループ ${name} を変更しました。`,
  },
  remove: {
    openOf: (name) => `${name} を削除`,
    title: (name) => `サブネットグループ ${name} を削除しますか?`,
    effect: '使用しているキャッシュはありません。',
    inUse: (caches) => `${caches} が使用しています。キャッシュのサブネットグループは、後から変更できません。`,
    fixed: 'デフォルトのグループは削除できません。',
    done: (name) => `サブネットグループ ${name} を削除しました。`,
  },
};
