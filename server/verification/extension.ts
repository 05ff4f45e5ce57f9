import type { ExtensionPart } from './ports.ts';

/** What a person who knows modems and switchboards writes between keys; milliseconds. */
const PAUSES: Readonly<Record<string, number>> = { ',': 2_000, w: 500 };
const MAX_LENGTH = 32;
const MAX_PAUSES = 20_000;
/** A switchboard that has just answered does not listen yet. */
const BEFORE_FIRST_KEY = 1_000;

/** In words for who wrote something else. */
export const EXTENSION_WORDS =
  'keys 0-9 * # A-D with pauses , (2 s) and w (0.5 s): at most 32 characters and 20 s of pauses, with a key among them';

/** Keys that a switchboard asks for once it has answered: `1234`, or `,,1w204#`. */
export function isExtension(text: string): boolean {
  const pauses = Array.from(text).reduce((ms, mark) => ms + (PAUSES[mark] ?? 0), 0);
  return text.length <= MAX_LENGTH && /^[0-9*#A-D,w]*[0-9*#A-D][0-9*#A-D,w]*$/.test(text) && pauses <= MAX_PAUSES;
}

/** What is done for it from the answer on; `wait` milliseconds after its last key the conversation begins. */
export function extensionParts(extension: string, wait: number): readonly ExtensionPart[] {
  const parts = Array.from(extension, (mark): ExtensionPart => {
    const pause = PAUSES[mark];
    return pause === undefined ? { key: mark } : { pause };
  });
  return [{ pause: BEFORE_FIRST_KEY }, ...parts, { pause: wait }];
}
