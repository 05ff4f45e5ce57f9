import { chooseLanguage, type LanguageChoice } from './language.ts';

const KEY = 'ringproof.language';

/** The language chosen with the switch, else the browser's. */
export function currentLanguage(): LanguageChoice {
  const chosen = readChoice();
  return chooseLanguage(chosen === undefined ? navigator.languages : [chosen, ...navigator.languages]);
}

export function rememberLanguage({ tag }: { readonly tag: string }): void {
  try {
    localStorage.setItem(KEY, tag);
  } catch {
    // A browser that keeps nothing (private mode, blocked storage) forgets the choice on reload; that is all.
  }
}

function readChoice(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}
