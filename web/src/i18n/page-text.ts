import { type Language, useLanguage } from '.';

/** The words of pages that are scripts of their own, which have them: the first page is not to load what it does not say. */
export const usePageText = <T>(words: Record<Language, T>): T => words[useLanguage().language];
