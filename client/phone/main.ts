import { Api } from '../api/api.ts';
import { PageFrame } from '../dom/page-frame.ts';
import { currentLanguage, rememberLanguage } from '../words/language-choice.ts';
import { wordsOf } from '../words/language.ts';
import { PhonePage } from './phone-page.ts';

const { language } = currentLanguage();
const words = await wordsOf(language);
const frame = new PageFrame(document.body, words, (chosen) => {
  rememberLanguage(chosen);
  page.speak(chosen);
});
const page = new PhonePage({ api: new Api(), frame, words });

// A number whose tab is gone must not ring on.
window.addEventListener('pagehide', () => page.close());
void page.open();
