export const signIn = {
  title: 'Sign in',
  intro: 'Open the one-time link that aikagi printed when it started, or create a new one:',
  commands: {
    run: { where: 'After make run, in the same folder:', command: 'bin/aikagi console --data-dir .aikagi' },
    installed: { where: 'Otherwise (with the same --data-dir as aikagi serve):', command: 'aikagi console' },
  },
  withKey: 'Sign in with an access key',
  keyHint:
    'The key is in the credentials file in the data directory. It signs one request in this page and is not sent anywhere.',
  keyId: 'Access key ID',
  secret: 'Secret access key',
  submit: 'Sign in',
  running: 'Signing in',
  expired: 'Your session has ended. Sign in again to continue where you left off.',
  refused: {
    code: 'This link has already been used, or is more than ten minutes old. Create a new one as shown below.',
    key: 'The access key ID or the secret access key is wrong.',
    clock: 'This computer’s clock is more than 15 minutes off from the server’s.',
    tries: 'Too many attempts. Wait a moment, then try again.',
    unreachable: 'aikagi is not responding. Is it running?',
  },
  missing: { keyId: 'Enter the access key ID.', secret: 'Enter the secret access key.' },
};
