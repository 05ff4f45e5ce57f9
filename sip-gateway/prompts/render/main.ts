import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROMPT_NAMES } from '../prompt-name.ts';
import { lineOf, LINES } from './lines.ts';
import { renderOwnPack } from './own-pack.ts';
import { renderPrompt } from './render.ts';

/**
 * `npm run prompts`: renders the committed prompt packs anew, with Debian's flite, espeak-ng and sox, which nothing
 * else of Ringproof needs. With arguments: an operator's own pack, by the program that they name (docs/prompts.md).
 */
const FOLDER = 'sip-gateway/prompts/packs';
const args = process.argv.slice(2);

if (args.length > 0) process.exitCode = await renderOwnPack(args, process);
else await renderOurPacks();

async function renderOurPacks(): Promise<void> {
  for (const [locale, lines] of Object.entries(LINES)) {
    const folder = join(FOLDER, locale);
    await mkdir(folder, { recursive: true });
    for (const name of PROMPT_NAMES) {
      await writeFile(join(folder, `${name}.wav`), await renderPrompt(lineOf(lines, name)));
    }
    process.stdout.write(`${folder}: ${PROMPT_NAMES.length} prompts\n`);
  }
}
