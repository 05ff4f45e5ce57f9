import type { PromptName } from '../../../sip-gateway/prompts/prompt-name.ts';
import { OUR_VOICES } from '../../verification/shared-words.ts';
import type { Played, Scene } from './scene.ts';

const EXTENSION = '204';

const hears =
  (prompt: PromptName) =>
  ({ heard }: Played): boolean =>
    heard.some((one) => one.prompt === prompt && one.complete);
const isVerified = ({ last }: Played): boolean => last.status === 'verified';
const told = hears('verdict-verified');

/** Whether the call said the word that the page showed. */
function sharesWord({ created: { word, locale }, heard }: Played): boolean {
  const said = heard.map(({ prompt }) => /^word-(\d+)$/.exec(prompt)?.[1]).find((place) => place !== undefined);
  const words = OUR_VOICES.find((voice) => voice.locale === locale)?.words ?? [];
  return word !== undefined && said !== undefined && words[Number(said)] === word;
}

/** In the order of the demo. The last one keeps the number from being called again. */
export const SCENES: readonly Scene[] = [
  {
    name: 'keypad',
    title: 'KEYPAD: the page shows the code, the person keys it on the phone',
    rings: 'person',
    asks: { method: 'keypad' },
    claims: { verified: isVerified, 'told on the phone': told },
  },
  {
    name: 'spoken',
    title: 'SPOKEN: the phone says the code, the person types it; a word shows that page and call belong together',
    rings: 'person',
    asks: { method: 'spoken', sayWord: true },
    claims: { verified: isVerified, 'told on the phone': told, 'the call said the page’s word': sharesWord },
  },
  {
    name: 'dial-in',
    title: 'DIAL-IN: the page shows a number and a code, the person calls and keys the code',
    rings: 'person',
    asks: { method: 'dial-in' },
    claims: { verified: isVerified, 'told on the phone': told },
  },
  {
    name: 'company-line',
    title: 'COMPANY LINE: a switchboard answers, the extension is keyed to it, and then it is as with any phone',
    rings: 'company',
    asks: { method: 'keypad', extension: EXTENSION },
    manner: { extension: EXTENSION },
    claims: { verified: isVerified, 'told on the phone': told },
  },
  {
    name: 'not-me',
    title: '“THAT WAS NOT ME”: the person did not ask for the call, presses one key, and is not called again',
    rings: 'person',
    asks: { method: 'keypad' },
    manner: { saysNotMe: true },
    asksAgain: true,
    claims: {
      'reported, not verified': ({ last }) => last.status === 'failed' && last.reason === 'reported',
      'thanked on the phone': hears('report-done'),
      'not called again': ({ refusedAgain }) => refusedAgain === 'number_not_allowed',
    },
  },
];
