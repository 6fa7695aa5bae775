import { useEffect, useState } from 'react';

import { base, call, client } from '../client';

/** How people can sign in. */
export interface Methods {
  password: boolean;
  provider?: { name: string };
}

/** How people can sign in; undefined until the server has said so. Where it does not answer, the slip of the password will tell. */
export function useMethods(): Methods | undefined {
  const [methods, setMethods] = useState<Methods>();
  useEffect(() => {
    call(() => client.api.GET('/api/v1/auth/methods')).then(
      ({ data }) => setMethods(data),
      () => setMethods({ password: true }),
    );
  }, []);
  return methods;
}

/** Characters that a password has at least, as the server has it. */
export const leastPassword = 10;

const longest = 2000; // characters of return_to

/** Where one signs in at the provider, and comes back from to a path of the board. */
export function providerAddress(next: string): string {
  return `${base}/api/v1/auth/oidc/start?${new URLSearchParams({ return_to: next.length > longest ? '/' : next })}`;
}
