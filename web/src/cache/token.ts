// The rules for AUTH tokens, to show while one is typed; the service checks them again
// (internal/cache/token/token.go).

export const tokenLengths = { min: 16, max: 128 };
export const tokenSpecial = '!&#$^<>-';

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const alphabet = new Set(alphanumeric + tokenSpecial);
const generatedLength = 48; // 285 bits

export type TokenRule = 'length' | 'characters';
export const tokenRules: TokenRule[] = ['length', 'characters'];

/** Whether a token keeps a rule; undefined while nothing is typed. */
export function keepsRule(rule: TokenRule, token: string): boolean | undefined {
  if (!token) return undefined;
  if (rule === 'length') return token.length >= tokenLengths.min && token.length <= tokenLengths.max;
  return Array.from(token).every((character) => alphabet.has(character));
}

export const isToken = (token: string): boolean => tokenRules.every((rule) => keepsRule(rule, token));

/** A token of random letters and digits, which no shell needs quoted. */
export function generateToken(fill: (bytes: Uint8Array<ArrayBuffer>) => void = randomBytes): string {
  // Bytes past the last whole multiple would favour the first letters.
  const fair = 256 - (256 % alphanumeric.length);
  const bytes = new Uint8Array(generatedLength);
  let token = '';
  while (token.length < generatedLength) {
    fill(bytes);
    for (const byte of bytes) {
      if (byte < fair && token.length < generatedLength) token += alphanumeric[byte % alphanumeric.length];
    }
  }
  return token;
}

const randomBytes = (bytes: Uint8Array<ArrayBuffer>) => void crypto.getRandomValues(bytes);
