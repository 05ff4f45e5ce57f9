/** Between the bench and the process of the phones. Times in milliseconds. */
export type ToPhones =
  /** From now on; what was measured before is forgotten. */
  { readonly type: 'measure'; readonly manner: PhoneManner } | { readonly type: 'report' } | { readonly type: 'stop' };

export type FromPhones =
  | { readonly type: 'listening'; readonly url: string }
  | { readonly type: 'measured'; readonly measured: Measured; readonly times: readonly CallTimes[] };

export interface PhoneManner {
  readonly keys: 'info' | 'rfc4733';
  /** Whether the phone sends audio of its own from the answer on, as a telephone does. */
  readonly talks: boolean;
  /** All media of the phones on one UDP port: poll(2) over five hundred would cost the phones more than the calls. */
  readonly onePort?: boolean;
  /** One call in so many is listened to packet by packet: a phone that listens to all would need the machine for itself. */
  readonly listenToEach: number;
}

/** What a phone did to a call that it answered. Milliseconds since 1970, with fractions. */
export interface CallTimes {
  /** Of what the voice server sends. */
  readonly ssrc: number;
  readonly answeredAt: number;
  readonly keyedAt?: number;
}

/** In the calls that were listened to. */
export interface Measured {
  readonly listened: number;
  /** From the 200 OK to the first RTP packet. */
  readonly firstPacket: readonly number[];
  /** From the last key to the packet that begins the next utterance. */
  readonly verdict: readonly number[];
  /** Between two packets of neighbouring frames. */
  readonly spacing: readonly number[];
  readonly packets: number;
  /** Packets that came more than a frame after their time, by the earliest of their utterance. */
  readonly late: number;
}
