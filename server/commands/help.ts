import { nearestName } from '../../sip-gateway/prompts/nearest-name.ts';
import { COMMANDS, type CommandEntry } from './command-table.ts';
import { UsageError } from './terminal.ts';

const WIDTH = 110;
const EXIT_CODES = 'Exit codes: 0 done, 1 failed, 2 not understood, 78 wrong configuration.';

/** @throws UsageError that names all commands, and the one that may be meant */
export function entryOf(name: string): CommandEntry {
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry) return entry;
  const names = [...Object.keys(COMMANDS), 'help'];
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new UsageError(`There is no command ${JSON.stringify(name)}.${hint}\nThere are: ${names.join(', ')}`);
}

/** All about one command. @throws UsageError when there is none of that name */
export function helpOf(name: string): string {
  const { forms, about, options = [], notes } = entryOf(name);
  const paragraphs = [
    usageOf(name),
    forms.length === 1 ? indented(forms[0]?.[1] ?? '') : columns(forms),
    ...(about === undefined ? [] : [indented(about)]),
    ...(options.length === 0 ? [] : [columns(options)]),
    ...(notes === undefined ? [] : [indented(notes)]),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

/** How a command is typed: a line for each form. */
export function usageOf(name: string): string {
  const { forms, options = [] } = entryOf(name);
  const rest = options.length === 0 ? '' : ' [options]';
  return forms
    .map(([typed], at) => `${at === 0 ? 'Usage: ' : '       '}ringproof ${spaced(name, typed)}${rest}`)
    .join('\n');
}

export function helpOfAll(): string {
  const lines = Object.entries(COMMANDS).flatMap(([name, { forms }]) =>
    forms.map(([typed, what]) => [spaced(name, typed), what] as const),
  );
  const paragraphs = [
    'Ringproof proves a phone number by a voice call.',
    'Usage: ringproof [command] [options]',
    columns([...lines, ['help [COMMAND]', 'this text, or all about one command'], ['--version', 'the version']]),
    'ringproof COMMAND --help tells all about one of them. Settings come from the environment; .env.example lists them all.',
    EXIT_CODES,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function spaced(...words: readonly string[]): string {
  return words.filter((word) => word !== '').join(' ');
}

function columns(lines: readonly (readonly [string, string])[]): string {
  const left = Math.max(...lines.map(([typed]) => typed.length)) + 4;
  return lines.map(([typed, what]) => `  ${typed}`.padEnd(left) + wrapped(what, left)).join('\n');
}

function indented(text: string): string {
  return `  ${wrapped(text, 2)}`;
}

/** Lines of at most `WIDTH`, all but the first of which begin so far to the right. */
function wrapped(text: string, left: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = spaced(lines.at(-1) ?? '', word);
    if (line.length + left <= WIDTH) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines.join(`\n${' '.repeat(left)}`);
}
