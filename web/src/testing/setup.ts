import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// A second, which is the usual limit, is little for a busy machine; who waits for an event has it at once.
configure({ asyncUtilTimeout: 60_000 });

afterEach(cleanup);
