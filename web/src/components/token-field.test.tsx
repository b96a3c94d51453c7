import { fireEvent, render, screen } from '@testing-library/react';
import { type FormEvent, useState } from 'react';
import { beforeEach, expect, it, vi } from 'vitest';
import { isToken } from '../cache/token';
import { LanguageProvider } from '../i18n';
import { TokenField } from './token-field';

beforeEach(() => localStorage.setItem('aikagi-language', 'en'));

function Host({ onSubmit }: { onSubmit(event: FormEvent): void }) {
  const [token, setToken] = useState('');
  return (
    <form onSubmit={onSubmit}>
      <TokenField label="Token" value={token} onChange={setToken} tried />
    </form>
  );
}

function show() {
  const submitted = vi.fn((event: FormEvent) => event.preventDefault());
  render(
    <LanguageProvider>
      <Host onSubmit={submitted} />
    </LanguageProvider>,
  );
  return { submitted, field: screen.getByLabelText<HTMLInputElement>('Token') };
}

it('generates a token, hidden until it is asked for, and sends no form by that', () => {
  const { submitted, field } = show();
  fireEvent.click(screen.getByRole('button', { name: 'Generate token' }));
  expect(isToken(field.value)).toBe(true);
  expect(field.type).toBe('password');
  fireEvent.click(screen.getByRole('button', { name: 'Show token' }));
  expect(field.type).toBe('text');
  expect(submitted).not.toHaveBeenCalled();
});

it('tells rule by rule whether it is met', () => {
  const { field } = show();
  fireEvent.change(field, { target: { value: 'too short @' } });
  expect(screen.getAllByRole('img', { name: 'Not met:' })).toHaveLength(2);
  fireEvent.change(field, { target: { value: 'a'.repeat(16) } });
  expect(screen.getAllByRole('img', { name: 'Met:' })).toHaveLength(2);
  expect(screen.queryByText('Enter a token that meets the rules below.')).toBeNull();
});
