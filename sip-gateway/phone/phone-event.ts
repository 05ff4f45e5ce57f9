import type { KeyWay } from '../../server/telephony/messages.ts';
import type { PromptName } from '../prompts/prompt-name.ts';

/** How a call was over for the phone. `canceled`: the caller gave up while it rang. */
export type PhoneCallEnd = 'caller-hung-up' | 'phone-hung-up' | 'canceled' | 'busy' | 'rejected' | 'failed';

/** What a tester's phone lives through. */
export type PhoneHappening =
  | { readonly type: 'registered' }
  | { readonly type: 'registration-failed'; readonly reason: string }
  | { readonly type: 'disconnected' }
  /** A message that came in could not be dealt with. */
  | { readonly type: 'fault'; readonly message: string }
  | { readonly type: 'ringing'; readonly from: string }
  /** The phone itself calls this number. */
  | { readonly type: 'calling'; readonly to: string }
  | { readonly type: 'answered' }
  /** A prompt is being played. */
  | { readonly type: 'hearing'; readonly prompt: PromptName; readonly locale: string }
  /** A prompt was played to its end, or was cut off. */
  | {
      readonly type: 'heard';
      readonly prompt: PromptName;
      readonly locale: string;
      readonly startMs: number;
      readonly endMs: number;
      readonly complete: boolean;
    }
  /** The extension was keyed to the switchboard, which lets the telephone behind it ring; somebody takes it. */
  | { readonly type: 'put-through'; readonly extension: string }
  | { readonly type: 'picked-up' }
  /** A digit that the gate asks for: each as soon as it is heard. */
  | { readonly type: 'gate'; readonly digit: string }
  /** The digit for those who did not ask for this call. */
  | { readonly type: 'report-key'; readonly digit: string }
  /** A spoken code, read out to its end. */
  | { readonly type: 'code'; readonly code: string }
  /** The phone was asked to enter a code; 1 for the first time in this call. */
  | { readonly type: 'asked'; readonly time: number }
  /** The call is the test of a trunk and asks for these keys. */
  | { readonly type: 'test'; readonly keys: string }
  | { readonly type: 'keyed'; readonly key: string; readonly way: KeyWay }
  | { readonly type: 'ended'; readonly end: PhoneCallEnd; readonly cause: string };

export type PhoneEvent = PhoneHappening & {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** 1 for the first call of this phone; 0 outside of calls. */
  readonly call: number;
  /** Milliseconds since the call was answered. */
  readonly callMs?: number;
};
