import { PageFrame } from '../dom/page-frame.ts';
import { currentLanguage } from '../words/language-choice.ts';

const frame = new PageFrame(document.body, (chosen) => frame.speak(chosen));
frame.speak(currentLanguage());
