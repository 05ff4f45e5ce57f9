import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../server/commands/command-table.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PAGES = ['README.md', 'CHANGELOG.md', ...pagesIn('docs'), ...pagesIn('docs/adr')];
const SETTINGS = readFileSync(join(ROOT, '.env.example'), 'utf8');
const PACKAGE: { readonly scripts: object } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

function pagesIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder)).flatMap((name) => (name.endsWith('.md') ? [`${folder}/${name}`] : []));
}

function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** The links of a page to other places in this repository. */
function linksOf(page: string): readonly string[] {
  const prose = read(page).replaceAll(/^```.*?^```/gms, '');
  return Array.from(prose.matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link).filter((link) => !/^\w+:/.test(link));
}

/** As GitHub names headings: small letters, without marks, a dash for each space. */
function anchorsOf(page: string): readonly string[] {
  return Array.from(read(page).matchAll(/^#+ (.*)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function leadsNowhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
  if (!existsSync(join(ROOT, target))) return true;
  return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
}

describe.each(PAGES)('%s', (page) => {
  it('has no link that leads nowhere', () => {
    expect(linksOf(page).filter((link) => leadsNowhere(page, link))).toEqual([]);
  });

  it('names no setting that there is not', () => {
    const named = new Set(read(page).match(/RINGPROOF_[A-Z_]*[A-Z]\b/g));
    expect([...named].filter((name) => !SETTINGS.includes(name))).toEqual([]);
  });

  it('names no command that there is not', () => {
    const scripts = Array.from(read(page).matchAll(/npm run (?:--\w+ )*([\w:-]+)/g), ([, name = '']) => name);
    const commands = Array.from(
      read(page).matchAll(/(?:`|npx )ringproof ([a-z-]+)|ringproof -- ([a-z-]+)/g),
      ([, typed, run]) => typed ?? run ?? '',
    );
    expect([
      ...scripts.filter((name) => !Object.hasOwn(PACKAGE.scripts, name)),
      ...commands.filter((name) => !Object.hasOwn(COMMANDS, name)),
    ]).toEqual([]);
  });
});
