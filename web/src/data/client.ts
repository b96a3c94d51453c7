import { QueryClient } from '@tanstack/react-query';
import { codeOf, SignedOutError } from '../api/error';

/** Answers are kept until the stream says that they are old; a refusal is not asked for again. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        networkMode: 'always', // aikagi is mostly on this machine, where "offline" says nothing
        retry: (failures, error) => !(error instanceof SignedOutError) && codeOf(error) === '' && failures < 3,
        retryDelay: 500,
      },
      mutations: { networkMode: 'always' },
    },
  });
}
