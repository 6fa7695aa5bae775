import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

configure({ asyncUtilTimeout: 10_000 }); // one second, its own, is not enough beside other tests
afterEach(cleanup);
