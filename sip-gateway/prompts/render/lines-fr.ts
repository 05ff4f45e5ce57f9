import { SHARED_WORDS } from '../../../server/verification/shared-words.ts';
import { alphabet } from './letters.ts';
import { speaker } from './speaker.ts';
import type { Lines, Vocabulary } from './voice.ts';

/** Spoken by espeak-ng's French of France. Its digits are the shortest, so they are said the slowest. */
const { phrase, leadIn, digit, name } = speaker('fr', 'Mike', 95);

const START_AGAIN = 'Veuillez recommencer sur la page web.';

export const FRENCH: Lines = {
  greeting: leadIn('Bonjour. Ceci est un appel de vérification de'),
  'operator-name': name('Ringproof'),
  'gate-ask': leadIn('Pour montrer que vous êtes là, tapez'),
  'gate-wrong': leadIn("Ce n'est pas correct. Tapez"),
  'gate-still-there': leadIn('Êtes-vous toujours là ? Tapez'),
  'keypad-ask': phrase('Veuillez saisir le code affiché sur la page web.'),
  'keypad-again': phrase("Je n'ai pas entendu le code en entier. Veuillez le saisir à nouveau."),
  'keypad-wrong': phrase("Ce code n'est pas correct. Veuillez réessayer."),
  'code-intro': leadIn('Votre code est'),
  'code-repeat': leadIn('Je répète, votre code est'),
  'code-last': leadIn('Une dernière fois, votre code est'),
  warning: phrase('Personne ne vous demandera jamais ce code. Ne le communiquez à personne.'),
  'verdict-verified': phrase('Merci. Votre numéro est vérifié.'),
  'verdict-locked': phrase(`Il y a eu trop de codes erronés. ${START_AGAIN}`),
  'verdict-expired': phrase(`Ce code a expiré. ${START_AGAIN}`),
  'verdict-canceled': phrase('Cette vérification a été annulée sur la page web.'),
  'verdict-failed': phrase(`Nous n'avons pas pu vérifier votre numéro. ${START_AGAIN}`),
  'no-input': phrase("Je n'ai entendu aucune touche."),
  'report-hint': leadIn("Si vous n'avez pas demandé cet appel, appuyez sur le"),
  'report-done': phrase("Merci de nous l'avoir signalé. Nous n'appellerons plus ce numéro."),
  'repeat-hint': phrase('Pour réécouter, appuyez sur la touche étoile.'),
  'word-intro': leadIn('Votre page web affiche le mot'),
  'dial-in-unknown': phrase("Aucun appel n'est attendu de votre numéro. Veuillez vérifier le numéro sur la page web."),
  'dial-in-withheld': phrase('Votre numéro est masqué. Veuillez afficher votre numéro, et rappeler.'),
  'dial-in-no-code': phrase(`Le code pour votre numéro n'est plus valable. ${START_AGAIN}`),
  'trunk-test': phrase('Ceci est un appel de test. Veuillez appuyer sur les touches un, deux, trois.'),
  goodbye: phrase('Au revoir.'),
  'payment-intro': leadIn('Vous approuvez un paiement de'),
  'payee-intro': leadIn('Le bénéficiaire est'),
  'decimal-point': digit('virgule'),
  'currency-aud': digit('dollars australiens'),
  'currency-brl': digit('réals brésiliens'),
  'currency-cad': digit('dollars canadiens'),
  'currency-chf': digit('francs suisses'),
  'currency-cny': digit('yuans chinois'),
  'currency-eur': digit('euros'),
  'currency-gbp': digit('livres sterling'),
  'currency-inr': digit('roupies indiennes'),
  'currency-jpy': digit('yens japonais'),
  'currency-mxn': digit('pesos mexicains'),
  'currency-sek': digit('couronnes suédoises'),
  'currency-usd': digit('dollars américains'),
  'digit-0': digit('zéro'),
  'digit-1': digit('un'),
  'digit-2': digit('deux'),
  'digit-3': digit('trois'),
  'digit-4': digit('quatre'),
  'digit-5': digit('cinq'),
  'digit-6': digit('six'),
  'digit-7': digit('sept'),
  'digit-8': digit('huit'),
  'digit-9': digit('neuf'),
};

export const FRENCH_VOCABULARY: Vocabulary = {
  words: SHARED_WORDS.fr.map((word) => digit(word)),
  letters: alphabet(
    'a bé cé dé e effe gé hache i ji ka elle emme enne o pé ku erre esse té u vé double_vé ixe i_grec zède',
    digit,
  ),
};
