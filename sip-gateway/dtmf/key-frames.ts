import type { Codec } from '../media/media-engine.ts';
import type { Frame } from '../media/player.ts';
import { silentFrames } from '../media/silence.ts';
import type { Key } from '../scripts/call-script.ts';
import { toneFrames } from './key-tone.ts';
import { telephoneEventsOf } from './telephone-event.ts';

/** Longer than the 40 ms that every detector must hear (ITU-T Q.24), short for a person. Milliseconds. */
export const KEY_HELD = 120;
export const KEY_GAP = 120;

/** A key press in the media and the silence after it. */
export function keyFrames(key: Key, way: 'rfc4733' | 'in-band', codec: Codec): readonly Frame[] {
  const press: readonly Frame[] =
    way === 'in-band'
      ? toneFrames(key, KEY_HELD, codec)
      : telephoneEventsOf(key, KEY_HELD).map(({ payload, marker }, since) => ({ payload, marker, since }));
  return [...press, ...silentFrames(KEY_GAP, codec)];
}

/** A key press inside a SIP dialog (RFC 6086), in the form that most gateways understand. */
export function keyInfo(key: Key): readonly [contentType: string, body: string] {
  return ['application/dtmf-relay', `Signal=${key}\r\nDuration=${KEY_HELD}\r\n`];
}
