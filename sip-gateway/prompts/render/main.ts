import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROMPT_NAMES } from '../prompt-name.ts';
import { lineOf, LINES } from './lines.ts';
import { renderPrompt } from './render.ts';

/**
 * `npm run prompts`: renders the committed prompt packs anew. Needs Debian's flite, espeak-ng and sox; nothing
 * else of Ringproof does.
 */
const FOLDER = 'sip-gateway/prompts/packs';

for (const [locale, lines] of Object.entries(LINES)) {
  const folder = join(FOLDER, locale);
  await mkdir(folder, { recursive: true });
  for (const name of PROMPT_NAMES) {
    await writeFile(join(folder, `${name}.wav`), await renderPrompt(lineOf(lines, name)));
  }
  process.stdout.write(`${folder}: ${PROMPT_NAMES.length} prompts\n`);
}
