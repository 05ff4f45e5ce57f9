import type { KeyedHash } from '../verification/keyed-hash.ts';
import { countedCall } from './counted-call.ts';
import type { Refusals } from './do-not-call.ts';
import type { Finding } from './finding.ts';
import { stillNeeded, type LedgerLine } from './ledger.ts';
import { RuleBook, type RuleSettings } from './rule-book.ts';

export interface ExplainDeps {
  readonly settings: RuleSettings;
  readonly lines: readonly LedgerLine[];
  readonly refusals: Refusals;
  readonly hash: KeyedHash;
  readonly now: number;
}

/** What each rule would say now of a call to this number, which is normalised; counts nothing. */
export function explainCall(to: string, deps: ExplainDeps): readonly Finding<string>[] {
  const { settings, lines, hash, now } = deps;
  // Judged as the server would: its own memory is these lines too.
  const book = new RuleBook(deps);
  for (const line of stillNeeded(lines, now)) book.apply(line);
  const call = countedCall({ callId: 'explained', relyingParty: '', to }, { hash, deck: settings.deck, now });
  return book.findings(call).map((finding) => ({ ...finding, words: finding.words() }));
}
