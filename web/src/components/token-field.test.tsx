import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { type FormEvent, useState } from 'react';
import { beforeEach, expect, it, vi } from 'vitest';
import { isToken } from '../cache/token';
import { LanguageProvider } from '../i18n';
import { TokenField } from './token-field';

beforeEach(() => localStorage.setItem('aikagi-language', 'en'));

function Host({ onSubmit }: { onSubmit(event: FormEvent): void }) {
  const [{ token, kept }, set] = useState({ token: '', kept: true });
  return (
    <form onSubmit={onSubmit}>
      <TokenField label="Token" value={token} kept={kept} onChange={(token, kept) => set({ token, kept })} tried />
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

const keepFirst = /Copy the generated token/;
const isKept = 'I have saved this token';

it('wants a generated token to be copied', async () => {
  const copied = vi.fn(async () => {});
  Object.assign(navigator, { clipboard: { writeText: copied } });
  const { field } = show();
  fireEvent.click(screen.getByRole('button', { name: 'Generate token' }));
  screen.getByText(keepFirst);
  fireEvent.click(screen.getByRole('button', { name: 'Copy token' }));
  await waitFor(() => expect(screen.queryByText(keepFirst)).toBeNull());
  expect(copied).toHaveBeenCalledWith(field.value);
  expect(screen.queryByLabelText(isKept)).toBeNull();
});

it('or to be said to be kept, each time anew', () => {
  show();
  for (let i = 0; i < 2; i++) {
    fireEvent.click(screen.getByRole('button', { name: 'Generate token' }));
    screen.getByText(keepFirst);
    fireEvent.click(screen.getByLabelText(isKept));
    expect(screen.queryByText(keepFirst)).toBeNull();
  }
});

it('wants nothing of the kind of one that was typed', () => {
  const { field } = show();
  fireEvent.change(field, { target: { value: 'a'.repeat(16) } });
  expect(screen.queryByText(keepFirst)).toBeNull();
  expect(screen.queryByLabelText(isKept)).toBeNull();
});
