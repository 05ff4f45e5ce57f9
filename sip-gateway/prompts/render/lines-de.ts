import { SHARED_WORDS } from '../../../server/verification/shared-words.ts';
import { alphabet } from './letters.ts';
import { speaker } from './speaker.ts';
import type { Lines, Vocabulary } from './voice.ts';

/** Spoken by espeak-ng's German. */
const { phrase, leadIn, digit, name } = speaker('de', 'Annie');

const START_AGAIN = 'Bitte beginnen Sie auf der Webseite von vorn.';

export const GERMAN: Lines = {
  greeting: leadIn('Guten Tag. Dies ist ein Bestätigungsanruf von'),
  'operator-name': name('Ringproof'),
  'gate-ask': leadIn('Um zu zeigen, dass Sie am Apparat sind, drücken Sie bitte'),
  'gate-wrong': leadIn('Das war nicht richtig. Drücken Sie bitte'),
  'gate-still-there': leadIn('Sind Sie noch da? Drücken Sie bitte'),
  'keypad-ask': phrase('Bitte geben Sie den Code ein, den Sie auf der Webseite sehen.'),
  'keypad-again': phrase('Ich habe nicht den ganzen Code gehört. Bitte geben Sie ihn noch einmal ein.'),
  'keypad-wrong': phrase('Dieser Code ist nicht richtig. Bitte versuchen Sie es noch einmal.'),
  'code-intro': leadIn('Ihr Code lautet'),
  'code-repeat': leadIn('Noch einmal, Ihr Code lautet'),
  'code-last': leadIn('Ein letztes Mal, Ihr Code lautet'),
  warning: phrase('Niemand wird Sie je nach diesem Code fragen. Sagen Sie ihn niemandem.'),
  'verdict-verified': phrase('Vielen Dank. Ihre Nummer ist bestätigt.'),
  'verdict-locked': phrase(`Es waren zu viele falsche Codes. ${START_AGAIN}`),
  'verdict-expired': phrase(`Die Zeit für diesen Code ist abgelaufen. ${START_AGAIN}`),
  'verdict-canceled': phrase('Diese Bestätigung wurde auf der Webseite abgebrochen.'),
  'verdict-failed': phrase(`Ihre Nummer konnte nicht bestätigt werden. ${START_AGAIN}`),
  'no-input': phrase('Ich habe keine Taste gehört.'),
  'report-hint': leadIn('Wenn Sie diesen Anruf nicht angefordert haben, drücken Sie bitte die'),
  'report-done': phrase('Danke für Ihre Meldung. Wir rufen diese Nummer nicht mehr an.'),
  'repeat-hint': phrase('Um es noch einmal zu hören, drücken Sie die Sterntaste.'),
  'word-intro': leadIn('Auf Ihrer Webseite steht das Wort'),
  'dial-in-unknown': phrase('Von Ihrer Nummer wird kein Anruf erwartet. Bitte prüfen Sie die Nummer auf der Webseite.'),
  'dial-in-withheld': phrase(
    'Ihre Nummer ist unterdrückt. Bitte zeigen Sie Ihre Nummer an, und rufen Sie noch einmal an.',
  ),
  'dial-in-no-code': phrase(`Der Code für Ihre Nummer ist nicht mehr gültig. ${START_AGAIN}`),
  'trunk-test': phrase('Dies ist ein Testanruf. Bitte drücken Sie die Tasten eins, zwo, drei.'),
  goodbye: phrase('Auf Wiederhören.'),
  'payment-intro': leadIn('Sie genehmigen eine Zahlung von'),
  'payee-intro': leadIn('Der Empfänger ist'),
  'decimal-point': digit('Komma'),
  'currency-aud': digit('australische Dollar'),
  'currency-brl': digit('brasilianische Real'),
  'currency-cad': digit('kanadische Dollar'),
  'currency-chf': digit('Schweizer Franken'),
  'currency-cny': digit('chinesische Yuan'),
  'currency-eur': digit('Euro'),
  'currency-gbp': digit('britische Pfund'),
  'currency-inr': digit('indische Rupien'),
  'currency-jpy': digit('japanische Yen'),
  'currency-mxn': digit('mexikanische Pesos'),
  'currency-sek': digit('schwedische Kronen'),
  'currency-usd': digit('US-Dollar'),
  'digit-0': digit('null'),
  'digit-1': digit('eins'),
  // As on every German telephone line: "zwei" is taken for "drei".
  'digit-2': digit('zwo'),
  'digit-3': digit('drei'),
  'digit-4': digit('vier'),
  'digit-5': digit('fünf'),
  'digit-6': digit('sechs'),
  'digit-7': digit('sieben'),
  'digit-8': digit('acht'),
  'digit-9': digit('neun'),
};

export const GERMAN_VOCABULARY: Vocabulary = {
  words: SHARED_WORDS.de.map((word) => digit(word)),
  letters: alphabet('A Be Ze De E Eff Ge Ha I Jott Ka Ell Emm Enn O Pe Ku Err Ess Te U Vau We Ix Ypsilon Zett', digit),
};
