import { z } from 'zod';

/** What is recorded; flat, and without codes, tokens or whole numbers. */
export type AuditFields = Readonly<Record<string, string | number | boolean>>;

export interface AuditLine {
  /** 1 for the first line ever; each line has the next. */
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  /** Such as `verification.created`. */
  readonly event: string;
  readonly fields: AuditFields;
  /** Over this line and the `mac` of the one before. */
  readonly mac: string;
}

/** The `mac` of a line, and which line: what an operator keeps elsewhere to know that nothing after it was cut off. */
export interface AuditHead {
  readonly seq: number;
  readonly mac: string;
}

const LINE = z.strictObject({
  seq: z.int().positive(),
  at: z.string(),
  event: z.string(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  mac: z.string(),
});

/** Undefined where it is no line of ours. */
export function readLine(text: string): AuditLine | undefined {
  try {
    return LINE.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
