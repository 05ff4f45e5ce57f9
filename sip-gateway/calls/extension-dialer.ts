import type { KeyWay, TrunkConfig } from '../../server/telephony/messages.ts';
import type { ExtensionPart } from '../../server/verification/ports.ts';
import { toneFrames } from '../dtmf/key-tone.ts';
import { telephoneEventsOf } from '../dtmf/telephone-event.ts';
import type { NegotiatedAudio } from '../media/negotiated.ts';
import { FRAME_MS } from '../media/pacer.ts';
import type { Frame, Player } from '../media/player.ts';
import { SILENT_FRAME } from '../media/silence.ts';

export interface ExtensionDialerOptions {
  readonly audio: NegotiatedAudio;
  readonly dtmf: TrunkConfig['dtmf'];
  readonly player: Pick<Player, 'play'>;
  readonly sendInfo: (contentType: string, body: string) => void;
}

/** Longer than the 40 ms that every detector must hear (ITU-T Q.24), short for a caller. Milliseconds. */
const HELD = 120;
const BETWEEN = 120;

/**
 * Keys an extension, its pauses included, on the clock of all calls; `onDialed` once the last part is over.
 *
 * By the first way of the trunk that can be used: INFO always can, RFC 4733 where the other side knows
 * telephone-event. `auto` takes RFC 4733; where that is unknown, tones in the audio, which every switchboard hears.
 */
export function dialExtension(
  { audio, dtmf, player, sendInfo }: ExtensionDialerOptions,
  parts: readonly ExtensionPart[],
  onDialed: () => void,
): void {
  const way = wayToSend(dtmf, audio);
  const silence = (ms: number): readonly Frame[] =>
    Array.from({ length: Math.ceil(ms / FRAME_MS) }, () => SILENT_FRAME[audio.codec]);

  if (way === 'info') {
    dialByInfo(0);
    return;
  }
  const frames = parts.flatMap((part) => {
    if ('pause' in part) return silence(part.pause);
    return [
      ...(way === 'rfc4733' ? eventFrames(part.key) : toneFrames(part.key, HELD, audio.codec)),
      ...silence(BETWEEN),
    ];
  });
  player.play(frames, onDialed);

  function dialByInfo(index: number): void {
    const part = parts[index];
    if (!part) {
      onDialed();
      return;
    }
    if ('key' in part) sendInfo('application/dtmf-relay', `Signal=${part.key}\r\nDuration=${HELD}\r\n`);
    player.play(silence('key' in part ? HELD + BETWEEN : part.pause), () => dialByInfo(index + 1));
  }
}

export function wayToSend(dtmf: TrunkConfig['dtmf'], { telephoneEvent }: NegotiatedAudio): KeyWay {
  const wanted: readonly KeyWay[] = dtmf === 'auto' ? ['rfc4733'] : dtmf;
  return wanted.find((way) => way !== 'rfc4733' || telephoneEvent !== undefined) ?? 'in-band';
}

function eventFrames(key: string): readonly Frame[] {
  return telephoneEventsOf(key, HELD).map(({ payload, marker }, since) => ({ payload, marker, since }));
}
