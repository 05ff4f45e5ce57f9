import type { CallLimits, KeyWay, TrunkConfig } from '../../server/telephony/messages.ts';
import type { Outcome } from '../../server/verification/call.ts';
import type { LineStatus } from '../../server/verification/ports.ts';
import type { Codec, MediaEngine } from '../media/media-engine.ts';
import type { Pacer } from '../media/pacer.ts';
import type { PromptPack } from '../prompts/prompt-pack.ts';
import type { StreamFigures } from './stream-figures.ts';

export interface TrunkTestOptions {
  readonly trunk: TrunkConfig;
  /** As in CallRequest. */
  readonly to: string;
  readonly limits: Pick<CallLimits, 'ring' | 'media'>;
  readonly engine: MediaEngine;
  readonly pacer: Pacer;
  readonly pack: PromptPack;
  /** Milliseconds. */
  readonly now: () => number;
  /** Milliseconds: for the first key after the prompt, and after a key for the next one and for other ways. */
  readonly patience?: { readonly firstKey: number; readonly nextKey: number };
  /** Aborted: hang up, and say what is known. */
  readonly stop?: AbortSignal;
}

/** What a test call found. Times in milliseconds, from the INVITE (`mediaMs`: from the answer). */
export interface TrunkTest {
  /** Whether the trunk takes us. */
  readonly status: LineStatus;
  /** `completed` when it was answered and the voice said all it had to say. */
  readonly outcome?: Outcome;
  readonly sipStatus?: number;
  readonly ringingMs?: number;
  readonly answerMs?: number;
  readonly mediaMs?: number;
  readonly codec?: Codec;
  readonly sentPackets: number;
  readonly received: StreamFigures;
  /** Our own voice came back. */
  readonly echo: boolean;
  /** The keys that each way told of. */
  readonly keys: Readonly<Record<KeyWay, string>>;
  /** The content types of the INFOs that brought keys. */
  readonly infoTypes: readonly string[];
}
