import type { CreateRequest } from './service.ts';
import type { Verification } from './verification.ts';

/** Whether a verification was made from a request that said the same; `request.to` is normalised, `userHash` that of its user. */
export function isSameRequest(made: Verification, request: CreateRequest, userHash: string | undefined): boolean {
  return (
    made.to === request.to &&
    made.method === request.method &&
    made.locale === request.locale &&
    made.extension === request.extension &&
    isSameMetadata(made.metadata ?? {}, request.metadata ?? {}) &&
    made.userHash === userHash &&
    made.nonce === request.nonce &&
    made.transaction?.amount === request.transaction?.amount &&
    made.transaction?.payee === request.transaction?.payee &&
    (made.word !== undefined) === (request.sayWord ?? false)
  );
}

type Metadata = Readonly<Record<string, string>>;

/** The order of the pairs says nothing. */
function isSameMetadata(a: Metadata, b: Metadata): boolean {
  const pairs = Object.entries(a);
  return (
    pairs.length === Object.keys(b).length && pairs.every(([key, value]) => Object.hasOwn(b, key) && b[key] === value)
  );
}
