import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROMPT_NAMES } from '../prompt-name.ts';
import { ENGLISH } from './lines-en.ts';
import { MANDARIN } from './lines-zh.ts';
import { renderPrompt } from './render.ts';

/**
 * `npm run prompts`: renders the committed prompt packs anew. Needs Debian's flite, espeak-ng and sox; nothing
 * else of Ringproof does.
 */
const PACKS = { en: ENGLISH, zh: MANDARIN };
const FOLDER = 'sip-gateway/prompts/packs';

for (const [locale, lines] of Object.entries(PACKS)) {
  const folder = join(FOLDER, locale);
  await mkdir(folder, { recursive: true });
  for (const name of PROMPT_NAMES) await writeFile(join(folder, `${name}.wav`), await renderPrompt(lines[name]));
  process.stdout.write(`${folder}: ${PROMPT_NAMES.length} prompts\n`);
}
