export const tokenField = {
  generate: 'Generate token',
  show: 'Show token',
  hide: 'Hide token',
  copy: 'Copy token',
  notCopied: 'The token could not be copied',
  invalid: 'Enter a token that meets the rules below.',
  rules: {
    length: '16 to 128 characters',
    characters: 'Only letters, digits, and ! & # $ ^ < > -',
  },
  rule: { pending: 'Rule:', success: 'Met:', error: 'Not met:' },
};
