import { Api } from '../api/api.ts';
import { PageFrame } from '../dom/page-frame.ts';
import { currentLanguage, rememberLanguage } from '../words/language-choice.ts';
import { VerificationMemory } from './saved-verification.ts';
import { tabStorage } from './tab-storage.ts';
import { VisitorPage } from './visitor-page.ts';

const words = currentLanguage();
const frame = new PageFrame(document.body, (chosen) => {
  rememberLanguage(chosen);
  frame.speak(chosen);
  page.speak(chosen);
});
const page = new VisitorPage({ api: new Api(), frame, memory: new VerificationMemory(tabStorage()), words });

frame.speak(words);
window.addEventListener('online', () => page.reconnect());
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) page.reconnect();
});
void page.open();
