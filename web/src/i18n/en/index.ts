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

/** Everything that the console says; a file for each page. */
export const en = {
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

/** What every language has to say: a missing key, or one too many, fails the build. */
export type Dictionary = typeof en;
