import type { Dictionary } from '../en';
import { caches } from './caches';
import { chart } from './chart';
import { common } from './common';
import { connect } from './connect';
import { deleteDialog } from './delete-dialog';
import { group } from './group';
import { metrics } from './metrics';
import { navigation } from './navigation';
import { offers } from './offers';
import { rotation } from './rotation';
import { signIn } from './sign-in';
import { tokenField } from './token-field';

export const ja: Dictionary = {
  connect,
  group,
  metrics,
  navigation,
  offers,
  chart,
  common,
  rotation,
  signIn,
  tokenField,
  deleteDialog,
  caches,
};
