import type { Words } from './en.ts';

const reload = 'Le serveur n’a pas compris cette page. Rechargez-la et réessayez.';

/** Before ? ! ; French puts a narrow space that does not break. */
export const fr: Words = {
  tag: 'fr',
  language: 'Langue',

  start: {
    title: 'Vérifiez votre numéro de téléphone',
    heading: 'Vérifiez votre numéro de téléphone',
    lede: 'Un appel prouve que ce téléphone est le vôtre. Il dure environ une minute.',
    country: 'Pays ou région',
    number: 'Numéro de téléphone',
    numberHint: 'Mobile ou fixe.',
    numberOrSipHint: 'Mobile ou fixe. Une adresse SIP convient aussi.',
    extension: {
      ask: 'Ajouter un numéro de poste',
      label: 'Numéro de poste',
      hint: 'Nous le composons dès que le standard a répondu. Une virgule attend deux secondes.',
      notKeys: 'Utilisez des chiffres, * et #, et des virgules pour les pauses.',
      tooLong: 'C’est trop long pour un numéro de poste.',
    },
    asTyped: 'Sera appelé exactement comme vous l’avez saisi.',
    methods: 'Comment voulez-vous procéder\u202F?',
    submit: 'Appelez-moi',
    submitDialIn: 'Afficher le numéro',
    submitting: 'Un instant…',
    noPhone: 'Pas de téléphone sous la main\u202F?',
    openPhone: 'Ouvrir le téléphone de test',
    newTab: '(s’ouvre dans un nouvel onglet)',
    empty: 'Saisissez votre numéro de téléphone.',
    tooShort: (country) => `Ce numéro est trop court pour le pays choisi (${country}).`,
    tooLong: (country) => `Ce numéro est trop long pour le pays choisi (${country}).`,
    notANumber: 'Cela ne ressemble pas à un numéro de téléphone.',
  },

  methods: {
    keypad: {
      title: 'Saisir un code',
      text: 'Nous vous appelons, vous saisissez sur le téléphone le code affiché ici.',
    },
    spoken: { title: 'Écouter un code', text: 'Nous vous appelons pour vous dire un code, vous le saisissez ici.' },
    'dial-in': { title: 'Nous appeler', text: 'Vous appelez un numéro affiché ici et vous saisissez un code.' },
  },

  call: {
    keypadHeading: 'Saisissez ce code sur votre téléphone',
    spokenHeading: 'Saisissez le code que vous entendez',
    calling: (number) => `pour le ${number}`,
    withExtension: (number, extension) => `${number}, poste ${extension}`,
    voice: (language) => `La voix parle ${language}.`,
    codeIs: (code) => `Votre code est ${code}`,
    codeGone: 'Le code a déjà été affiché et n’est pas conservé. Faites-vous rappeler pour en obtenir un nouveau.',
    timeline: 'L’appel, étape par étape',
    word: 'L’appel prononcera le mot',
    otherWord: 'Il prononce un autre mot, ou aucun\u202F? Alors ce n’est pas notre appel\u00A0: raccrochez.',
    payment: 'Vous approuvez un paiement de',
    payee: 'à',
    keysArrived: (keys, all) => `${keys} ${keys < 2 ? 'touche reçue' : 'touches reçues'} sur ${all}`,
    timeLeft: 'Temps restant',
    oneMinuteLeft: 'Il reste une minute',
    attempts: 'Essais restants',
    cancel: 'Annuler',
    change: 'Changer de numéro ou de méthode',
    again: 'Rappelez-moi',
    endedTitle: 'L’appel est terminé',
    endedText:
      'Si vous avez compris le code, saisissez-le ci-dessus. Sinon, nous pouvons vous rappeler\u00A0: vous aurez un nouveau code.',
    codeLabel: (length) => `Code, ${length} chiffres`,
    check: 'Vérifier le code',
    checking: 'Vérification…',
    incomplete: (length) => `Le code a ${length} chiffres.`,
    wrongCode: (attempts) => `Ce n’est pas le code. Il reste ${attempts}\u00A0${attempts < 2 ? 'essai' : 'essais'}.`,
    connectionLost: 'La connexion est perdue. Nous réessayons\u00A0; l’appel continue.',
    connectionBack: 'La connexion est rétablie.',
    reconnect: 'Réessayer',
  },

  dialIn: {
    heading: 'Appelez et saisissez ce code',
    from: (number) =>
      `Appelez depuis le ${number}. Nous vous reconnaissons à votre numéro\u00A0: merci de ne pas le masquer.`,
    number: 'Numéro à appeler',
    codeGone: 'Le code a déjà été affiché et n’est pas conservé. Demandez-en un nouveau.',
    newCode: 'Afficher un nouveau code',
    endedText: 'Vous pouvez rappeler\u00A0: le code ci-dessus est toujours valable.',
    refusedText:
      'Le réseau téléphonique signale que le numéro de cet appel n’est pas authentique. Appelez depuis votre propre téléphone.',
    reportedText:
      'La personne qui a appelé l’a signalé par une touche. Si c’était une erreur, utilisez un autre numéro ou dites-le à l’exploitant de ce site.',
    steps: {
      queued: {
        next: 'Votre appel',
        now: 'En attente de votre appel',
        hint: 'Appelez le numéro ci-dessus depuis votre téléphone.',
        done: 'Vous avez appelé',
      },
      ringing: { next: 'Sonnerie', now: 'Votre appel arrive', hint: 'Nous répondons.', done: 'A sonné ici' },
    },
  },

  steps: {
    queued: { next: 'Appel', now: 'En attente d’une ligne', hint: 'C’est bientôt à vous.', done: 'Ligne obtenue' },
    dialing: { next: 'Appel', now: 'Appel en cours', hint: 'Nous cherchons votre téléphone.', done: 'Appelé' },
    ringing: { next: 'Sonnerie', now: 'Ça sonne', hint: 'Décrochez, s’il vous plaît.', done: 'A sonné' },
    answered: { next: 'Réponse', now: 'Décroché', hint: 'Écoutez l’accueil.', done: 'Décroché' },
    gate: {
      next: 'Appuyer sur le chiffre annoncé',
      now: 'Appuyez sur le chiffre que vous entendez',
      hint: 'La voix demande un chiffre, pour que nous sachions que quelqu’un est là. La touche étoile le fait répéter.',
      done: 'Chiffre reçu',
    },
    speaking: {
      next: 'Écouter le code',
      now: 'La voix dit le code',
      hint: 'Vous l’entendrez trois fois.',
      done: 'Code dit',
    },
    collecting: {
      next: 'Saisir le code',
      now: 'Saisissez le code',
      hint: 'Utilisez le clavier du téléphone. Vous pouvez commencer à tout moment.',
      done: 'Code saisi',
    },
    verdict: { next: 'Résultat', now: 'Résultat', hint: 'La voix l’annonce aussi.', done: 'Résultat annoncé' },
  },

  severalDigits: {
    next: 'Appuyer sur les chiffres annoncés',
    now: 'Appuyez sur les chiffres que vous entendez',
    hint: 'La voix demande quelques chiffres, pour que nous sachions que quelqu’un est là. La touche étoile les fait répéter.',
    done: 'Chiffres reçus',
  },

  outcomes: {
    completed: 'Appel terminé',
    busy: 'Occupé',
    'no-answer': 'Pas de réponse',
    rejected: 'Refusé',
    unreachable: 'Injoignable',
    'invalid-number': 'Numéro inexistant',
    'hung-up': 'Raccroché',
    'no-input': 'Aucune touche reçue',
    'wrong-code': 'Code erroné',
    'media-failed': 'Pas de son',
    'trunk-unavailable': 'Pas de ligne',
    canceled: 'Annulé',
    blocked: 'Non autorisé',
    reported: 'Non demandé',
  },

  failures: {
    completed: {
      heading: 'L’appel n’a apporté aucun code',
      text: 'Il s’est terminé avant l’arrivée du code. Réessayez et restez en ligne.',
    },
    busy: {
      heading: 'La ligne était occupée',
      text: 'Quelqu’un est au téléphone. Attendez que la ligne soit libre, puis réessayez.',
    },
    'no-answer': {
      heading: 'Personne n’a répondu',
      text: 'Nous avons laissé sonner un bon moment. Gardez le téléphone près de vous et réessayez.',
    },
    rejected: {
      heading: 'L’appel a été refusé',
      text: 'Était-ce par erreur\u202F? Réessayez. Ce peut être aussi un bloqueur d’appels\u00A0: autorisez-y d’abord notre appel.',
    },
    unreachable: {
      heading: 'Le téléphone est injoignable',
      text: 'Il est peut-être éteint ou hors réseau. Vérifiez-le, puis réessayez.',
    },
    'invalid-number': {
      heading: 'Ce numéro n’est pas attribué',
      text: 'Le réseau téléphonique ne le connaît pas. Vérifiez chaque chiffre, et le pays.',
    },
    'hung-up': {
      heading: 'L’appel s’est terminé trop tôt',
      text: 'Le téléphone a raccroché avant la fin. Réessayez et restez en ligne jusqu’à l’annonce du résultat.',
    },
    'no-input': {
      heading: 'Aucune touche n’est arrivée',
      text: 'Nous n’avons reçu aucune touche, ou pas toutes. Réessayez et utilisez le clavier du téléphone quand la voix le demande.',
    },
    'wrong-code': {
      heading: 'Le code n’était pas le bon',
      text: 'Les touches ne correspondent pas au code. Réessayez\u00A0: vous aurez un nouveau code.',
    },
    'media-failed': {
      heading: 'Le son n’est pas passé',
      text: 'L’appel était établi, mais muet. Vous n’y êtes pour rien. Réessayez, s’il vous plaît.',
    },
    'trunk-unavailable': {
      heading: 'Nous ne pouvons pas appeler pour le moment',
      text: 'Notre liaison avec le réseau téléphonique est interrompue. Réessayez dans quelques minutes.',
    },
    canceled: { heading: 'L’appel a été annulé', text: 'Votre numéro n’est pas vérifié.' },
    blocked: {
      heading: 'Ce numéro ne peut pas être appelé',
      text: 'Les appels vers ce numéro ne sont pas autorisés ici. Utilisez un autre numéro.',
    },
    reported: {
      heading: 'Cet appel n’a pas été demandé',
      text: 'La personne qui a répondu l’a signalé par une touche, et nous n’appelons plus ce numéro. Était-ce une erreur\u202F? Dites-le à l’exploitant de ce site, ou utilisez un autre numéro.',
    },
  },

  refusals: {
    invalid_request: reload,
    invalid_json: reload,
    invalid_idempotency_key: reload,
    unsupported_media_type: reload,
    header_too_large: reload,
    body_too_large: 'C’est trop long. Vérifiez le numéro.',
    method_not_allowed: 'Ce n’est pas possible ici.',
    insufficient_scope: 'Cette page n’a pas le droit de le faire.',
    call_denied: 'Le site d’où vous venez ne souhaite pas que cet appel ait lieu.',
    not_found: 'Le serveur ne connaît pas cette adresse. Rechargez la page et réessayez.',
    unauthorized: 'Cette page ne peut plus suivre la vérification. Recommencez, s’il vous plaît.',
    request_timeout: 'La connexion était trop lente. Réessayez.',
    verification_not_found: 'Cette vérification n’existe plus. Recommencez, s’il vous plaît.',
    verification_closed: 'Cette vérification est déjà terminée. Recommencez, s’il vous plaît.',
    code_not_typed_here: 'Ce code se saisit sur le téléphone, pas ici.',
    verification_conflict: 'Deux choses se sont passées en même temps. Réessayez.',
    call_in_progress: 'Un appel est encore en cours. Attendez qu’il soit terminé.',
    idempotency_key_reused: 'Cette demande a déjà été envoyée avec d’autres données. Recommencez, s’il vous plaît.',
    storage_unavailable: 'Rien ne peut être enregistré pour le moment.',
    codes_exhausted: 'Il y a trop de vérifications pour le moment.',
    telephony_unavailable: 'Nous ne pouvons pas appeler pour le moment.',
    starting: 'Le serveur vient de démarrer.',
    unknown_method: 'Cette méthode n’est pas proposée ici. Choisissez-en une autre.',
    unknown_locale: 'Il n’y a pas de voix pour cette langue. Choisissez une autre langue.',
    payee_not_sayable:
      'L’appel ne pourrait pas prononcer le nom du bénéficiaire. Retournez sur le site d’où vous venez.',
    invalid_number: 'Nous ne pouvons pas appeler ce numéro. Vérifiez-le, ainsi que le pays.',
    number_not_allowed: 'Les appels vers ce numéro ne sont pas autorisés ici. Utilisez un autre numéro.',
    rate_limited: 'Il y a eu trop d’appels ces derniers temps.',
    internal_error: 'Une erreur s’est produite de notre côté. Réessayez.',
  },

  result: {
    verified: { heading: 'Vérifié', text: (number) => `Le ${number} est à vous.` },
    locked: {
      heading: 'Trop de codes erronés',
      text: 'Pour votre sécurité, ce code n’est plus valable. Recommencez pour en obtenir un nouveau.',
    },
    expired: {
      heading: 'Le temps est écoulé',
      text: 'Un code est valable dix minutes au plus. Recommencez pour en obtenir un nouveau.',
    },
    canceled: { heading: 'Annulé', text: 'Votre numéro n’est pas vérifié.' },
    superseded: {
      heading: 'Remplacée par une plus récente',
      text: 'La vérification de ce numéro a été relancée ailleurs, peut-être dans un autre onglet. Seule la plus récente compte.',
    },
    tryAgain: 'Réessayer',
    startAgain: 'Recommencer',
    changeNumber: 'Utiliser un autre numéro',
    useKeypad: 'Saisir plutôt un code',
    useSpoken: 'Écouter plutôt un code',
    another: 'Vérifier un autre numéro',
  },

  trouble: {
    offline: 'Le serveur est injoignable. Vérifiez votre connexion et réessayez.',
    other: 'Cela n’a pas fonctionné. Réessayez.',
    retry: 'Réessayer',
    soon: 'Réessayez bientôt.',
    retryIn: (seconds) =>
      seconds < 90
        ? `Réessayez dans ${seconds === 1 ? 'une seconde' : `${seconds} secondes`}.`
        : `Réessayez dans ${Math.ceil(seconds / 60)} minutes.`,
    noSettings: { heading: 'Le serveur ne répond pas', text: 'Il démarre peut-être. Réessayez dans un instant.' },
    closed: {
      heading: 'Fermé aux visiteurs',
      text: 'Une vérification commence sur le site qui vous a demandé votre numéro. Retournez-y, s’il vous plaît.',
    },
  },

  phone: {
    title: 'Téléphone de test',
    heading: 'Téléphone de test',
    lede: 'Un téléphone dans votre navigateur, pour essayer. Les appels à son numéro sonnent ici, et nulle part ailleurs.',
    number: 'Son numéro',
    numberHint: 'N’importe quel numéro\u00A0: personne ne le paie et personne d’autre n’est appelé.',
    password: 'Mot de passe du proxy',
    connect: 'Connecter',
    disconnect: 'Déconnecter',
    needNumber: 'Donnez un numéro au téléphone.',
    notOffered: {
      heading: 'Pas de téléphone de test ici',
      text: 'Ce serveur appelle par une vraie ligne téléphonique\u00A0: un téléphone de test n’aurait rien à quoi se connecter.',
    },
    openVisitor: 'Ouvrir la page de vérification',
    states: {
      off: { title: 'Non connecté', text: 'Choisissez «\u00A0Connecter\u00A0» pour allumer le téléphone.' },
      connecting: { title: 'Connexion…', text: 'Nous joignons le proxy.' },
      retrying: {
        title: 'Nouvelle connexion…',
        text: 'La connexion a été perdue ou refusée. Le téléphone réessaie.',
      },
      refused: { title: 'Refusé', text: 'Le proxy n’accepte pas ce numéro ou ce mot de passe.' },
      ready: { title: 'Prêt', text: 'En attente d’un appel.' },
      ringing: { title: 'Appel entrant', text: 'Répondez pour l’entendre.' },
      answering: { title: 'Connexion de l’appel…', text: 'Le son arrive dans un instant.' },
      talking: { title: 'En communication', text: 'Utilisez les touches ci-dessous ou votre clavier.' },
      ended: { title: 'Appel terminé', text: 'En attente du prochain appel.' },
    },
    from: (caller) => `de ${caller}`,
    toCall: 'Appeler un numéro',
    call: 'Appeler',
    needNumberToCall: 'Saisissez le numéro à appeler.',
    answer: 'Répondre',
    decline: 'Refuser',
    hangUp: 'Raccrocher',
    keypad: 'Clavier',
    key: (key) => ({ '*': 'Étoile', '#': 'Dièse' })[key] ?? key,
    level: 'Son de l’appelant',
    sent: 'Touches envoyées',
    noneSent: 'aucune',
    notSent: (key) => `La touche ${key} n’est pas passée.`,
    soundBlocked: 'Votre navigateur retient le son.',
    playSound: 'Lire le son',
    noSound: 'Aucun son n’arrive de l’appelant.',
  },
};
