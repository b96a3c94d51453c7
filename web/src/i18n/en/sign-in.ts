export const signIn = {
  title: 'Sign in',
  intro: 'Open the one-time link that aikagi printed when it started, or make another:',
  commands: {
    run: { where: 'After make run, in the same folder:', command: 'bin/aikagi console --data-dir .aikagi' },
    installed: { where: 'Otherwise (with --data-dir, as aikagi serve has it):', command: 'aikagi console' },
  },
  withKey: 'Sign in with an access key',
  keyHint:
    'The key is in the credentials file of the data directory. It signs one request in this page and is sent nowhere.',
  keyId: 'Access key ID',
  secret: 'Secret access key',
  submit: 'Sign in',
  running: 'Signing in',
  expired: 'Your session is over. Sign in again to go on where you were.',
  refused: {
    code: 'This link was used before, or it is older than ten minutes. Make another, as below.',
    key: 'The access key ID or the secret access key is wrong.',
    clock: 'The clock of this computer differs from the server’s by more than 15 minutes.',
    tries: 'Too many tries. Wait a moment, then try again.',
    unreachable: 'aikagi does not answer. Is it running?',
  },
  missing: { keyId: 'Enter the access key ID.', secret: 'Enter the secret access key.' },
};
