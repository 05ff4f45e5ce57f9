import { Api } from '../api/api.ts';
import { PageFrame } from '../dom/page-frame.ts';
import { currentLanguage, rememberLanguage } from '../words/language-choice.ts';
import { wordsOf } from '../words/language.ts';
import { VerificationMemory } from './saved-verification.ts';
import { tabStorage } from './tab-storage.ts';
import { VisitorPage } from './visitor-page.ts';

const { language, isTheirs } = currentLanguage();
const words = await wordsOf(language);
const frame = new PageFrame(document.body, words, (chosen) => {
  rememberLanguage(chosen);
  page.speak(chosen);
});
const memory = new VerificationMemory(tabStorage());
const page = new VisitorPage({ api: new Api(), frame, memory, words, isTheirs });

window.addEventListener('online', () => page.reconnect());
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) page.reconnect();
});
void page.open();
