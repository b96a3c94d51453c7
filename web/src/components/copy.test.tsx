import { fireEvent, render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { LanguageProvider } from '../i18n';
import { CodeBlock } from '../pages/group/connect/code-block';
import { Copyable } from './copy';

// There is none over plain HTTP from another host, and none here.
it.each([
  ['a value', <Copyable key="value" value="orders.example:6379" />],
  ['code', <CodeBlock key="code" code="redis-cli" label="Connect" />],
])('says of %s that it could not be copied where there is no clipboard', async (_, content) => {
  localStorage.setItem('aikagi-language', 'en');
  expect(navigator.clipboard).toBeUndefined();
  render(content, { wrapper: LanguageProvider });
  fireEvent.click(screen.getByRole('button'));
  expect(await screen.findByText('Copying failed. Select the text and copy it by hand.')).toBeTruthy();
});
