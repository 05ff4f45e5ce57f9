import { Refusal, Unreachable, type RefusalCode } from '../api/refusal.ts';
import type { Words } from './en.ts';

/** What time alone mends: when to try again is all that there is to say. */
const PASSES: ReadonlySet<string> = new Set<RefusalCode>([
  'codes_exhausted',
  'rate_limited',
  'starting',
  'storage_unavailable',
  'telephony_unavailable',
]);

/** What went wrong with a request, in the words of the visitor's language, with when to try again where known. */
export function describeTrouble(trouble: unknown, words: Words): string {
  if (trouble instanceof Unreachable) return words.trouble.offline;
  if (!(trouble instanceof Refusal)) return words.trouble.other;
  const sentences: Readonly<Record<string, string>> = words.refusals;
  const sentence = Object.hasOwn(sentences, trouble.code) ? sentences[trouble.code] : undefined;
  const parts = [sentence ?? words.trouble.other];
  if (trouble.retryAfterSeconds !== undefined) parts.push(words.trouble.retryIn(trouble.retryAfterSeconds));
  else if (PASSES.has(trouble.code)) parts.push(words.trouble.soon);
  return parts.join(words.tag.startsWith('zh') ? '' : ' ');
}
