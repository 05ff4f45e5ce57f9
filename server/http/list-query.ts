import { z } from 'zod';
import { METHODS } from '../verification/call.ts';
import type { ListQuery } from '../verification/ports.ts';
import { VERIFICATION_STATUSES, type Verification } from '../verification/verification.ts';
import { Problem } from './problem.ts';

const PAGE = 50;
const MAX_PAGE = 200;

const time = (field: string) =>
  z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)), `${field}: expected a time such as 2026-11-23T10:00:00Z`)
    .transform((text) => Date.parse(text))
    .optional();

const QUERY = z.strictObject({
  status: z.enum(VERIFICATION_STATUSES, `status: expected ${VERIFICATION_STATUSES.join(', ')}`).optional(),
  to: z.string().min(1, 'to: expected a number').max(256, 'to: expected a number').optional(),
  method: z.enum(METHODS, `method: expected ${METHODS.join(' or ')}`).optional(),
  from: time('from'),
  to_time: time('to_time'),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, `limit: expected 1 to ${MAX_PAGE}`)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= MAX_PAGE, `limit: expected 1 to ${MAX_PAGE}`)
    .default(PAGE),
  cursor: z
    .string()
    .transform((text, context) => {
      const [, at, id] = /^(\d{1,15})\.(ver_[\w-]{1,64})$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
      if (at !== undefined && id !== undefined) return { createdAt: Number(at), id };
      context.issues.push({ code: 'custom', message: 'cursor: expected the nextCursor of an answer', input: text });
      return z.NEVER;
    })
    .optional(),
});

/** @throws Problem `invalid_request` */
export function readListQuery(query: object): Omit<ListQuery, 'relyingParty'> & { readonly limit: number } {
  const parsed = QUERY.safeParse(query);
  if (!parsed.success) {
    const words = parsed.error.issues.map((issue) =>
      issue.code === 'unrecognized_keys' ? 'there are parameters that the API does not know' : issue.message,
    );
    throw new Problem('invalid_request', { detail: `${words.join('; ')}.` });
  }
  const { status, to, method, from, to_time: until, limit, cursor } = parsed.data;
  return {
    limit,
    ...(status !== undefined && { status }),
    // A plus sign that was not escaped arrives as a space.
    ...(to !== undefined && { to: to.replace(/^ /, '+') }),
    ...(method !== undefined && { method }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    ...(cursor !== undefined && { after: cursor }),
  };
}

export function cursorOf({ createdAt, id }: Verification): string {
  return Buffer.from(`${createdAt}.${id}`).toString('base64url');
}
