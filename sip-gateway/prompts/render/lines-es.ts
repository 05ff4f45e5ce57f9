import { SHARED_WORDS } from '../../../server/verification/shared-words.ts';
import { alphabet } from './letters.ts';
import { speaker } from './speaker.ts';
import type { Lines, Vocabulary } from './voice.ts';

/**
 * Spoken by espeak-ng's Spanish of Latin America, which Spain understands as well: it says an s where Spain says
 * the th of "thin", the sound that a telephone carries worst. The words are chosen to be good in both.
 */
const { phrase, leadIn, digit, name } = speaker('es-419', 'Annie');

const START_AGAIN = 'Empiece de nuevo en la página web.';

export const SPANISH: Lines = {
  greeting: leadIn('Hola, esta es una llamada de verificación de'),
  'operator-name': name('Ringproof'),
  'gate-ask': leadIn('Para confirmar que está ahí, por favor presione'),
  'gate-wrong': leadIn('No es correcto. Por favor presione'),
  'gate-still-there': leadIn('¿Sigue ahí? Por favor presione'),
  'keypad-ask': phrase('Por favor, marque el código que ve en la página web.'),
  'keypad-again': phrase('No he oído el código completo. Por favor, márquelo otra vez.'),
  'keypad-wrong': phrase('Ese código no es correcto. Por favor, inténtelo de nuevo.'),
  'code-intro': leadIn('Su código es'),
  'code-repeat': leadIn('Se lo repito, su código es'),
  'code-last': leadIn('Por última vez, su código es'),
  warning: phrase('Nadie le pedirá nunca este código. No se lo diga a nadie.'),
  'verdict-verified': phrase('Gracias. Su número ha sido verificado.'),
  'verdict-locked': phrase(`Ha habido demasiados códigos incorrectos. ${START_AGAIN}`),
  'verdict-expired': phrase(`El tiempo de este código ha terminado. ${START_AGAIN}`),
  'verdict-canceled': phrase('Esta verificación se canceló en la página web.'),
  'verdict-failed': phrase(`No pudimos verificar su número. ${START_AGAIN}`),
  'no-input': phrase('No he oído ninguna tecla.'),
  'report-hint': leadIn('Si usted no pidió esta llamada, por favor presione'),
  'report-done': phrase('Gracias por avisarnos. No volveremos a llamar a este número.'),
  'repeat-hint': phrase('Para oírlo otra vez, presione la tecla asterisco.'),
  'word-intro': leadIn('Su página web muestra la palabra'),
  'dial-in-unknown': phrase('Nadie espera una llamada de su número. Por favor, compruebe el número en la página web.'),
  'dial-in-withheld': phrase('Su número está oculto. Por favor, muestre su número, y llame otra vez.'),
  'dial-in-no-code': phrase(`El código de su número ya no es válido. ${START_AGAIN}`),
  'trunk-test': phrase('Esta es una llamada de prueba. Por favor, presione las teclas uno, dos, tres.'),
  goodbye: phrase('Adiós.'),
  'payment-intro': leadIn('Usted aprueba un pago de'),
  'payee-intro': leadIn('El beneficiario es'),
  'decimal-point': digit('coma'),
  'currency-aud': digit('dólares australianos'),
  'currency-brl': digit('reales brasileños'),
  'currency-cad': digit('dólares canadienses'),
  'currency-chf': digit('francos suizos'),
  'currency-cny': digit('yuanes chinos'),
  'currency-eur': digit('euros'),
  'currency-gbp': digit('libras esterlinas'),
  'currency-inr': digit('rupias indias'),
  'currency-jpy': digit('yenes japoneses'),
  'currency-mxn': digit('pesos mexicanos'),
  'currency-sek': digit('coronas suecas'),
  'currency-usd': digit('dólares estadounidenses'),
  'digit-0': digit('cero'),
  'digit-1': digit('uno'),
  'digit-2': digit('dos'),
  'digit-3': digit('tres'),
  'digit-4': digit('cuatro'),
  'digit-5': digit('cinco'),
  'digit-6': digit('seis'),
  'digit-7': digit('siete'),
  'digit-8': digit('ocho'),
  'digit-9': digit('nueve'),
};

export const SPANISH_VOCABULARY: Vocabulary = {
  words: SHARED_WORDS.es.map((word) => digit(word)),
  letters: alphabet(
    'a be ce de e efe ge hache i jota ka ele eme ene o pe cu erre ese te u uve doble_uve equis i_griega zeta',
    digit,
  ),
};
