import { render, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { ServiceError, SignedOutError, UnreachableError } from '../api/error';
import { LanguageProvider } from '../i18n';
import { Problem } from './problem';

beforeEach(() => localStorage.setItem('aikagi-language', 'en'));

const say = (problem: Parameters<typeof Problem>[0]) =>
  render(<Problem {...problem} />, { wrapper: LanguageProvider }).container.textContent;

describe('of a change', () => {
  const busy = new ServiceError('InvalidReplicationGroupState', 'It is busy.', 'r-1');
  it('is a refusal where the service answered', () => {
    expect(say({ error: busy })).toContain('The request was refused');
    expect(say({ error: busy, refused: 'Not created' })).toContain('Not created');
    expect(screen.getAllByText(/It is busy\./)).toHaveLength(2);
  });
  it('is no refusal where no answer came: it may have been carried out', () => {
    const said = say({ error: new UnreachableError(0), refused: 'Not created' });
    expect(said).toContain('There was no answer: the request may have been carried out');
    expect(said).toContain('Check the current state before you try again.');
    expect(said).not.toContain('Not created');
    expect(say({ error: new UnreachableError(0), unanswered: 'May be gone' })).toContain('May be gone');
  });
});

it('of a question speaks of no change', () => {
  const said = say({ error: new UnreachableError(0), header: 'This could not be read' });
  expect(said).toContain('This could not be read');
  expect(said).toContain('aikagi is not responding.');
  expect(said).not.toContain('carried out');
});

it('leaves the end of a session to the sign-in', () => {
  expect(say({ error: new SignedOutError() })).toBe('');
});
