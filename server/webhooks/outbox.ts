import { z } from 'zod';

const delivery = z.strictObject({
  /** Follows from the verification: told twice, it is the same event to its receiver. */
  id: z.string().min(1),
  relyingParty: z.string(),
  verification: z.string(),
  type: z.string(),
  body: z.string(),
  createdAt: z.number(),
  attempts: z.number().int().nonnegative(),
  /** When to try next; of a dead one, when it died. */
  at: z.number(),
  fault: z.exactOptional(z.string()),
});

const outbox = z.strictObject({
  writtenAt: z.number(),
  waiting: z.array(delivery),
  dead: z.array(delivery),
  /** Delivered lately: id and time. */
  done: z.array(z.tuple([z.string(), z.number()])),
});

/** One event on its way to a relying party; times in milliseconds since the epoch. */
export type Delivery = z.output<typeof delivery>;
export type Outbox = z.output<typeof outbox>;

/** @throws TypeError that quotes nothing of the document */
export function decodeOutbox(json: unknown): Outbox {
  const parsed = outbox.safeParse(json);
  if (!parsed.success) throw new TypeError('no outbox of webhooks');
  return parsed.data;
}

/** The same outbox without its messages about these verifications. */
export function withoutVerifications(
  document: Outbox,
  ids: readonly string[],
): { readonly kept: Outbox; readonly dropped: number } {
  const isOther = ({ verification }: Delivery): boolean => !ids.includes(verification);
  const [waiting, dead] = [document.waiting.filter(isOther), document.dead.filter(isOther)];
  const dropped = document.waiting.length + document.dead.length - waiting.length - dead.length;
  return { kept: { ...document, waiting, dead }, dropped };
}
