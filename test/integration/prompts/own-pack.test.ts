import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadPromptLibrary } from '../../../sip-gateway/prompts/prompt-library.ts';
import { PROMPT_NAMES } from '../../../sip-gateway/prompts/prompt-name.ts';
import { renderOwnPack } from '../../../sip-gateway/prompts/render/own-pack.ts';
import { SHARED_WORDS } from '../../../server/verification/shared-words.ts';
import { describeWith } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** `npm run prompts -- …` with lines of one's own, in a folder of its own. */
async function prompts(lines: object | undefined, ...args: readonly string[]) {
  const folder = await temporaryFolder();
  const file = join(folder, 'lines.json');
  if (lines) await writeFile(file, JSON.stringify(lines));
  const said = { stdout: '', stderr: '' };
  const code = await renderOwnPack([...args, ...(lines ? ['--lines', file] : []), '--out', join(folder, 'out')], {
    stdout: { write: (text) => (said.stdout += text) },
    stderr: { write: (text) => (said.stderr += text) },
  });
  return { code, out: join(folder, 'out'), ...said };
}

const ESPEAK = 'espeak-ng -b 1 -v {locale} -w {file} {text}';

describeWith(['espeak-ng'], 'an operator’s own pack, rendered by a command', () => {
  it('is what RINGPROOF_PROMPTS_DIR takes', async () => {
    const { code, out } = await prompts({ goodbye: 'Au revoir, à bientôt.' }, '--locale', 'fr', '--command', ESPEAK);
    expect(code).toBe(0);
    const theirs = await loadPromptLibrary({ defaultLocale: 'en', overrideDir: out });
    const ours = await loadPromptLibrary({ defaultLocale: 'en' });
    expect(theirs.doubts).toEqual([]);
    expect(theirs.pack('fr').duration(['goodbye'])).toBeGreaterThan(ours.pack('fr').duration(['goodbye']));
  });

  it('brings the words for the page along', async () => {
    const lines = { 'word-0': 'Oak.', 'word-31': 'elm' };
    const { code, out } = await prompts(lines, '--locale', 'en', '--command', ESPEAK);
    const words = ['Oak', ...SHARED_WORDS.en.slice(1, -1), 'elm'];
    const { voices } = await loadPromptLibrary({ defaultLocale: 'en', overrideDir: out });
    expect([code, voices.find(({ locale }) => locale === 'en')?.words]).toEqual([0, words]);
  });

  it('is spoken from the standard input and to the standard output where the command has no {text} and no {file}', async () => {
    const command = 'espeak-ng -b 1 -v {locale} --stdout';
    const { code, out } = await prompts({ goodbye: 'Adiós' }, '--locale', 'es', '--command', command);
    expect([code, await readdir(join(out, 'es'))]).toEqual([0, ['goodbye.wav']]);
  });

  it('never comes near a shell', async () => {
    const text = 'one"; touch $(pwd)/pwned; `touch pwned` & echo';
    const { code, out } = await prompts({ goodbye: text }, '--locale', 'en', '--command', ESPEAK);
    expect([code, await readdir(out), await readdir('.')]).toEqual([0, ['en'], expect.not.arrayContaining(['pwned'])]);
  });

  it('is not begun when the program is not there, and says so', async () => {
    const { code, stderr } = await prompts({ goodbye: 'Bye' }, '--locale', 'en', '--command', 'no-such-voice {text}');
    expect([code, stderr]).toEqual([
      1,
      'The prompt "goodbye" could not be rendered. The speech command could not be started (ENOENT): no-such-voice\n',
    ]);
  });

  it.each([
    ['fails', 'sh -c "exit 3"', 'The speech command ended with the status 3'],
    ['writes nothing', 'true {text} {file}', 'The speech command wrote nothing'],
    ['writes no sound', 'echo {text}', 'it is not a WAV file'],
  ])('stops when the program %s', async (_, command, words) => {
    const { code, stderr } = await prompts({ goodbye: 'Bye' }, '--locale', 'en', '--command', command);
    expect([code, stderr]).toEqual([1, expect.stringContaining(words)]);
  });

  it.each([
    ['an unknown name', { greting: 'Hi' }, 'There is no prompt "greting": did you mean greeting?'],
    ['what is no text', { greeting: 7 }, '"greeting" has to be a text, not 7'],
    ['a list', ['Hi'], 'Lines are a JSON object'],
  ])('refuses lines with %s', async (_, lines, words) => {
    const { code, stderr } = await prompts(lines, '--locale', 'en', '--command', ESPEAK);
    expect([code, stderr]).toEqual([1, expect.stringContaining(words)]);
  });

  it('needs all prompts of a language that we have none of', async () => {
    const { code, stderr } = await prompts({ greeting: 'Ciao' }, '--locale', 'it', '--command', ESPEAK);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('A pack for "it" needs all prompts; these are missing: operator-name, '),
    ]);
  });

  it.each([
    ['no arguments that belong together', ['--locale', 'it'], 'Usage: npm run prompts'],
    ['what is no language', ['--locale', '../etc', '--command', ESPEAK], '--locale is a language tag'],
    ['a command that is none', ['--locale', 'it', '--command', '"open'], '--command is a program and its arguments'],
    ['a language that we have no lines for', ['--locale', 'it', '--command', ESPEAK], 'We have no lines for "it"'],
    ['an unknown argument', ['--voice', 'it'], "Unknown option '--voice'"],
  ])('refuses %s', async (_, args, words) => {
    const { code, stderr } = await prompts(undefined, ...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(words)]);
  });

  it('begins with our lines as JSON', async () => {
    const { code, stdout } = await prompts(undefined, '--print-lines', 'en');
    expect([code, stdout.match(/(?<=^ {2}")[^"]+/gm)]).toEqual([0, PROMPT_NAMES]);
  });

  it('is rendered as docs/prompts.md says', async () => {
    expect(await readFile('docs/prompts.md', 'utf8')).toContain(`--command '${ESPEAK}'`);
  });
});
