import { expect, it } from 'vitest';
import { rotation } from './rotation';

it('has no blank between Japanese words', () => {
  const token = rotation.credential('aaaaaaaaaaaa');
  expect(rotation.now.waiting(token, rotation.credential('NONE'))).toBe(
    'クライアントがパスワードなしのアクセスからトークン aaaaaaaaaaaa に切り替わるのを待っています。両方とも有効です。',
  );
});
