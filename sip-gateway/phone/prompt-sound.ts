import type { Codec } from '../media/media-engine.ts';
import { PROMPT_NAMES, type PromptName } from '../prompts/prompt-name.ts';
import type { PromptPack } from '../prompts/prompt-pack.ts';

/** One recording of one prompt, as it goes on the wire: one byte is one sample. */
export interface PromptSound {
  readonly prompt: PromptName;
  /** The languages that have this very recording: a name may be said the same way in all of them. */
  readonly locales: readonly string[];
  readonly pcmu: Uint8Array;
  readonly pcma: Uint8Array;
}

/** Every recording of these packs, each once. */
export function soundsOf(packs: readonly PromptPack[]): readonly PromptSound[] {
  return PROMPT_NAMES.flatMap((prompt) => {
    const sounds: PromptSound[] = [];
    for (const pack of packs) {
      const pcmu = bytesOf(pack, prompt, 'PCMU');
      const same = sounds.findIndex((sound) => Buffer.compare(sound.pcmu, pcmu) === 0);
      const sound = sounds[same];
      if (sound) sounds[same] = { ...sound, locales: [...sound.locales, pack.locale] };
      else sounds.push({ prompt, locales: [pack.locale], pcmu, pcma: bytesOf(pack, prompt, 'PCMA') });
    }
    return sounds;
  });
}

function bytesOf(pack: PromptPack, prompt: PromptName, codec: Codec): Uint8Array {
  return Buffer.concat(pack.frames(prompt, codec));
}
