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

const body = z.object({ data: z.object({ to: z.string() }) });

/** One event on its way to a relying party; times in milliseconds since the epoch. */
export type Delivery = z.output<typeof delivery>;
export type Outbox = z.output<typeof outbox>;

/** @throws TypeError that quotes nothing of the document */
export function decodeOutbox(json: unknown): Outbox {
  const parsed = outbox.safeParse(json);
  if (!parsed.success) throw new TypeError('no outbox of webhooks');
  return parsed.data;
}

/** Whose messages are to be dropped; `relyingParty` absent: everyone's about this number. */
export interface Forgotten {
  /** Normalised. */
  readonly to: string;
  readonly relyingParty?: string | undefined;
}

/** A message lives longer than the verification that it is about, so that only what it says tells whom it is about. */
export function isAbout(message: Delivery, { to, relyingParty }: Forgotten): boolean {
  if (relyingParty !== undefined && relyingParty !== message.relyingParty) return false;
  const said = body.safeParse(JSON.parse(message.body));
  return said.success && said.data.data.to === to;
}

/** The same outbox without its messages about a number. */
export function withoutNumber(
  document: Outbox,
  forgotten: Forgotten,
): { readonly kept: Outbox; readonly dropped: number } {
  const isOther = (each: Delivery): boolean => !isAbout(each, forgotten);
  const [waiting, dead] = [document.waiting.filter(isOther), document.dead.filter(isOther)];
  const dropped = document.waiting.length + document.dead.length - waiting.length - dead.length;
  return { kept: { ...document, waiting, dead }, dropped };
}
