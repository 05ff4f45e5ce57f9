/**
 * What may be logged of an error: its kind and where it came from. Its message is left out, since a SIP message
 * or a number may be part of it.
 */
export function faultFields(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof Error)) return { kind: typeof error };
  const origin = (error.stack ?? '').split('\n').find((line) => /^\s+at /.test(line));
  return { kind: error.name, at: origin?.trim() ?? 'unknown' };
}
