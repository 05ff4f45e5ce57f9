import { Api } from '../api/api.ts';
import { PageFrame } from '../dom/page-frame.ts';
import { currentLanguage, rememberLanguage } from '../words/language-choice.ts';
import { PhonePage } from './phone-page.ts';

const words = currentLanguage();
const frame = new PageFrame(document.body, (chosen) => {
  rememberLanguage(chosen);
  frame.speak(chosen);
  page.speak(chosen);
});
const page = new PhonePage({ api: new Api(), frame, words });

frame.speak(words);
// A number whose tab is gone must not ring on.
window.addEventListener('pagehide', () => page.close());
void page.open();
