import { SHARED_WORDS } from '../../../server/verification/shared-words.ts';
import { alphabet } from './letters.ts';
import { speaker } from './speaker.ts';
import type { Lines, Vocabulary } from './voice.ts';

/** Spoken by espeak-ng's Portuguese of Brazil; the words are chosen to be good in Portugal as well. */
const { phrase, leadIn, digit, name } = speaker('pt-br', 'Annie');

const START_AGAIN = 'Por favor, comece de novo na página web.';

export const PORTUGUESE: Lines = {
  greeting: leadIn('Olá. Esta é uma chamada de verificação de'),
  'operator-name': name('Ringproof'),
  'gate-ask': leadIn('Para confirmar que está na linha, por favor, pressione'),
  'gate-wrong': leadIn('Não está certo. Por favor, pressione'),
  'gate-still-there': leadIn('Ainda está aí? Por favor, pressione'),
  'keypad-ask': phrase('Por favor, digite o código que aparece na página web.'),
  'keypad-again': phrase('Não ouvi o código completo. Por favor, digite outra vez.'),
  'keypad-wrong': phrase('Esse código não está correto. Por favor, tente outra vez.'),
  'code-intro': leadIn('O seu código é'),
  'code-repeat': leadIn('Repetindo, o seu código é'),
  'code-last': leadIn('Pela última vez, o seu código é'),
  warning: phrase('Ninguém vai pedir este código. Não o diga a ninguém.'),
  'verdict-verified': phrase('Obrigado. O seu número foi verificado.'),
  'verdict-locked': phrase(`Houve códigos errados demais. ${START_AGAIN}`),
  'verdict-expired': phrase(`O prazo deste código terminou. ${START_AGAIN}`),
  'verdict-canceled': phrase('Esta verificação foi cancelada na página web.'),
  'verdict-failed': phrase(`Não foi possível verificar o seu número. ${START_AGAIN}`),
  'no-input': phrase('Não ouvi nenhuma tecla.'),
  'report-hint': leadIn('Se não pediu esta chamada, por favor, pressione'),
  'report-done': phrase('Obrigado por nos avisar. Não voltaremos a ligar para este número.'),
  'repeat-hint': phrase('Para ouvir de novo, pressione a tecla asterisco.'),
  'word-intro': leadIn('A sua página web mostra a palavra'),
  'dial-in-unknown': phrase('Ninguém espera uma chamada do seu número. Confira o número na página web.'),
  'dial-in-withheld': phrase('O seu número está oculto. Por favor, mostre o seu número, e ligue de novo.'),
  'dial-in-no-code': phrase(`O código do seu número já não é válido. ${START_AGAIN}`),
  'trunk-test': phrase('Esta é uma chamada de teste. Pressione as teclas um, dois, três.'),
  goodbye: phrase('Até logo.'),
  'payment-intro': leadIn('Com este código, aprova um pagamento de'),
  'payee-intro': leadIn('O beneficiário é'),
  'decimal-point': digit('vírgula'),
  'currency-aud': digit('dólares australianos'),
  'currency-brl': digit('reais brasileiros'),
  'currency-cad': digit('dólares canadenses'),
  'currency-chf': digit('francos suíços'),
  'currency-cny': digit('yuans chineses'),
  'currency-eur': digit('euros'),
  'currency-gbp': digit('libras esterlinas'),
  'currency-inr': digit('rúpias indianas'),
  'currency-jpy': digit('ienes japoneses'),
  'currency-mxn': digit('pesos mexicanos'),
  'currency-sek': digit('coroas suecas'),
  'currency-usd': digit('dólares americanos'),
  'digit-0': digit('zero'),
  'digit-1': digit('um'),
  'digit-2': digit('dois'),
  'digit-3': digit('três'),
  'digit-4': digit('quatro'),
  'digit-5': digit('cinco'),
  'digit-6': digit('seis'),
  'digit-7': digit('sete'),
  'digit-8': digit('oito'),
  'digit-9': digit('nove'),
};

export const PORTUGUESE_VOCABULARY: Vocabulary = {
  words: SHARED_WORDS.pt.map((word) => digit(word)),
  letters: alphabet(
    'á bê cê dê é efe gê agá i jota cá ele eme ene ó pê quê erre esse tê u vê dáblio xis ípsilon zê',
    digit,
  ),
};
