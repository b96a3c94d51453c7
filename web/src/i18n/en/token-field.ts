export const tokenField = {
  generate: 'Generate token',
  show: 'Show',
  showToken: 'Show token',
  hide: 'Hide',
  hideToken: 'Hide token',
  copy: 'Copy token',
  notCopied: 'The token could not be copied',
  isKept: 'I have saved this token',
  keepFirst: 'Copy the generated token, or confirm that you have saved it: it cannot be shown again.',
  invalid: 'Enter a token that meets the rules below.',
  rules: {
    length: '16 to 128 characters',
    characters: 'Only letters, digits, and ! & # $ ^ < > -',
  },
  rule: { 'not-started': 'Rule:', success: 'Met:', error: 'Not met:' },
};
