import type { KeyWay, TrunkConfig } from '../../server/telephony/messages.ts';
import type { ExtensionPart } from '../../server/verification/ports.ts';
import { KEY_GAP, KEY_HELD, keyFrames, keyInfo } from '../dtmf/key-frames.ts';
import type { NegotiatedAudio } from '../media/negotiated.ts';
import type { Player } from '../media/player.ts';
import { silentFrames } from '../media/silence.ts';

export interface ExtensionDialerOptions {
  readonly audio: NegotiatedAudio;
  readonly dtmf: TrunkConfig['dtmf'];
  readonly player: Pick<Player, 'play'>;
  readonly sendInfo: (contentType: string, body: string) => void;
}

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
  if (way === 'info') {
    dialByInfo(0);
    return;
  }
  const frames = parts.flatMap((part) =>
    'pause' in part ? silentFrames(part.pause, audio.codec) : keyFrames(part.key, way, audio.codec),
  );
  player.play(frames, onDialed);

  function dialByInfo(index: number): void {
    const part = parts[index];
    if (!part) {
      onDialed();
      return;
    }
    if ('key' in part) sendInfo(...keyInfo(part.key));
    const length = 'key' in part ? KEY_HELD + KEY_GAP : part.pause;
    player.play(silentFrames(length, audio.codec), () => dialByInfo(index + 1));
  }
}

export function wayToSend(dtmf: TrunkConfig['dtmf'], { telephoneEvent }: NegotiatedAudio): KeyWay {
  const wanted: readonly KeyWay[] = dtmf === 'auto' ? ['rfc4733'] : dtmf;
  return wanted.find((way) => way !== 'rfc4733' || telephoneEvent !== undefined) ?? 'in-band';
}
