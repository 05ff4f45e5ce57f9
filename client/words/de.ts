import type { Words } from './en.ts';

const reload = 'Der Server hat diese Seite nicht verstanden. Laden Sie sie neu und versuchen Sie es noch einmal.';

export const de: Words = {
  tag: 'de',
  language: 'Sprache',

  start: {
    title: 'Bestätigen Sie Ihre Telefonnummer',
    heading: 'Bestätigen Sie Ihre Telefonnummer',
    lede: 'Ein Anruf zeigt, dass dieses Telefon Ihnen gehört. Er dauert etwa eine Minute.',
    country: 'Land oder Region',
    number: 'Telefonnummer',
    numberHint: 'Mobil oder Festnetz.',
    numberOrSipHint: 'Mobil oder Festnetz. Auch eine SIP-Adresse ist möglich.',
    extension: {
      ask: 'Durchwahl angeben',
      label: 'Durchwahl',
      hint: 'Wir wählen sie, sobald die Telefonanlage abgehoben hat. Ein Komma wartet zwei Sekunden.',
      notKeys: 'Verwenden Sie Ziffern, * und # sowie Kommas für Pausen.',
      tooLong: 'Das ist für eine Durchwahl zu lang.',
    },
    asTyped: 'Wird genau so angerufen, wie Sie es eingegeben haben.',
    methods: 'Wie möchten Sie vorgehen?',
    submit: 'Rufen Sie mich an',
    submitDialIn: 'Nummer anzeigen',
    submitting: 'Einen Moment\u00A0…',
    noPhone: 'Kein Telefon zur Hand?',
    openPhone: 'Testtelefon öffnen',
    newTab: '(öffnet sich in einem neuen Tab)',
    empty: 'Geben Sie Ihre Telefonnummer ein.',
    tooShort: (country) => `Für das gewählte Land (${country}) ist diese Nummer zu kurz.`,
    tooLong: (country) => `Für das gewählte Land (${country}) ist diese Nummer zu lang.`,
    notANumber: 'Das sieht nicht wie eine Telefonnummer aus.',
  },

  methods: {
    keypad: { title: 'Code eintippen', text: 'Wir rufen an, Sie tippen den Code von dieser Seite am Telefon ein.' },
    spoken: { title: 'Code anhören', text: 'Wir rufen an und sagen einen Code, Sie geben ihn hier ein.' },
    'dial-in': { title: 'Selbst anrufen', text: 'Sie rufen die Nummer an, die hier steht, und tippen einen Code ein.' },
  },

  call: {
    keypadHeading: 'Tippen Sie diesen Code am Telefon ein',
    spokenHeading: 'Geben Sie den Code ein, den Sie hören',
    calling: (number) => `für ${number}`,
    withExtension: (number, extension) => `${number}, Durchwahl ${extension}`,
    voice: (language) => `Die Stimme spricht ${language}.`,
    codeIs: (code) => `Ihr Code lautet ${code}`,
    codeGone:
      'Der Code wurde schon einmal angezeigt und wird nicht aufbewahrt. Lassen Sie sich noch einmal anrufen, um einen neuen zu bekommen.',
    timeline: 'Der Anruf, Schritt für Schritt',
    word: 'Der Anruf nennt das Wort',
    otherWord: 'Nennt er ein anderes Wort oder keines? Dann ist es nicht unser Anruf: Legen Sie auf.',
    payment: 'Sie genehmigen eine Zahlung von',
    payee: 'an',
    keysArrived: (keys, all) => `${keys} von ${all} Tasten angekommen`,
    timeLeft: 'Restzeit',
    oneMinuteLeft: 'Noch eine Minute',
    attempts: 'Versuche übrig',
    cancel: 'Abbrechen',
    change: 'Nummer oder Methode ändern',
    again: 'Noch einmal anrufen',
    endedTitle: 'Der Anruf ist beendet',
    endedText:
      'Wenn Sie den Code verstanden haben, geben Sie ihn oben ein. Wenn nicht, rufen wir noch einmal an und Sie bekommen einen neuen Code.',
    codeLabel: (length) => `Code, ${length} Ziffern`,
    check: 'Code prüfen',
    checking: 'Wird geprüft\u00A0…',
    incomplete: (length) => `Der Code hat ${length} Ziffern.`,
    wrongCode: (attempts) =>
      `Das ist nicht der Code. ${attempts === 1 ? 'Ein\u00A0Versuch bleibt.' : `${attempts}\u00A0Versuche bleiben.`}`,
    connectionLost: 'Die Verbindung ist abgebrochen. Wir versuchen es weiter, der Anruf läuft.',
    connectionBack: 'Die Verbindung ist wieder da.',
    reconnect: 'Jetzt verbinden',
  },

  dialIn: {
    heading: 'Rufen Sie an und tippen Sie diesen Code ein',
    from: (number) =>
      `Rufen Sie von ${number} aus an. Wir erkennen Sie an Ihrer Nummer, bitte unterdrücken Sie sie nicht.`,
    number: 'Anzurufende Nummer',
    codeGone: 'Der Code wurde schon einmal angezeigt und wird nicht aufbewahrt. Fordern Sie einen neuen an.',
    newCode: 'Neuen Code anzeigen',
    endedText: 'Rufen Sie gern noch einmal an: Der Code oben gilt weiterhin.',
    refusedText:
      'Das Telefonnetz meldet, dass die Nummer dieses Anrufs nicht echt ist. Rufen Sie von Ihrem eigenen Telefon aus an.',
    reportedText:
      'Wer angerufen hat, hat es mit einer Taste gesagt. War es ein Versehen, dann verwenden Sie eine andere Nummer oder wenden Sie sich an den Betreiber dieser Website.',
    steps: {
      queued: {
        next: 'Ihr Anruf',
        now: 'Wir warten auf Ihren Anruf',
        hint: 'Rufen Sie mit Ihrem Telefon die Nummer oben an.',
        done: 'Sie haben angerufen',
      },
      ringing: { next: 'Klingeln', now: 'Ihr Anruf ist da', hint: 'Wir nehmen ihn an.', done: 'Hat hier geklingelt' },
    },
  },

  steps: {
    queued: {
      next: 'Anruf',
      now: 'Wir warten auf eine Leitung',
      hint: 'Sie sind als Nächstes dran.',
      done: 'Leitung frei',
    },
    dialing: { next: 'Anruf', now: 'Wir rufen an', hint: 'Ihr Telefon wird gesucht.', done: 'Angerufen' },
    ringing: { next: 'Klingeln', now: 'Es klingelt', hint: 'Nehmen Sie bitte ab.', done: 'Hat geklingelt' },
    answered: { next: 'Abheben', now: 'Abgehoben', hint: 'Hören Sie die Begrüßung an.', done: 'Abgehoben' },
    gate: {
      next: 'Angesagte Ziffer drücken',
      now: 'Drücken Sie die Ziffer, die Sie hören',
      hint: 'Die Stimme bittet um eine Ziffer, damit wir wissen, dass jemand am Apparat ist. Die Sterntaste wiederholt sie.',
      done: 'Ziffer gedrückt',
    },
    speaking: {
      next: 'Code anhören',
      now: 'Die Stimme sagt den Code',
      hint: 'Sie hören ihn dreimal.',
      done: 'Code gesagt',
    },
    collecting: {
      next: 'Code eintippen',
      now: 'Tippen Sie den Code ein',
      hint: 'Benutzen Sie die Tasten des Telefons. Sie können jederzeit anfangen.',
      done: 'Code eingetippt',
    },
    verdict: { next: 'Ergebnis', now: 'Ergebnis', hint: 'Die Stimme sagt es auch.', done: 'Ergebnis mitgeteilt' },
  },

  severalDigits: {
    next: 'Angesagte Ziffern drücken',
    now: 'Drücken Sie die Ziffern, die Sie hören',
    hint: 'Die Stimme bittet um einige Ziffern, damit wir wissen, dass jemand am Apparat ist. Die Sterntaste wiederholt sie.',
    done: 'Ziffern gedrückt',
  },

  outcomes: {
    completed: 'Anruf beendet',
    busy: 'Besetzt',
    'no-answer': 'Nicht abgehoben',
    rejected: 'Abgelehnt',
    unreachable: 'Nicht erreichbar',
    'invalid-number': 'Kein Anschluss',
    'hung-up': 'Aufgelegt',
    'no-input': 'Keine Taste gehört',
    'wrong-code': 'Falscher Code',
    'media-failed': 'Kein Ton',
    'trunk-unavailable': 'Keine Leitung',
    canceled: 'Abgebrochen',
    blocked: 'Nicht erlaubt',
    reported: 'Nicht angefordert',
  },

  failures: {
    completed: {
      heading: 'Der Anruf brachte keinen Code',
      text: 'Er war zu Ende, bevor der Code angekommen war. Versuchen Sie es noch einmal und bleiben Sie in der Leitung.',
    },
    busy: {
      heading: 'Die Leitung war besetzt',
      text: 'Es wird gerade telefoniert. Warten Sie, bis die Leitung frei ist, und versuchen Sie es dann noch einmal.',
    },
    'no-answer': {
      heading: 'Niemand hat abgehoben',
      text: 'Wir haben es eine ganze Weile klingeln lassen. Halten Sie das Telefon bereit und versuchen Sie es noch einmal.',
    },
    rejected: {
      heading: 'Der Anruf wurde abgelehnt',
      text: 'War es ein Versehen? Versuchen Sie es noch einmal. Vielleicht war es auch ein Anrufblocker, dann lassen Sie unseren Anruf dort erst zu.',
    },
    unreachable: {
      heading: 'Das Telefon war nicht erreichbar',
      text: 'Vielleicht ist es ausgeschaltet oder hat keinen Empfang. Sehen Sie nach und versuchen Sie es noch einmal.',
    },
    'invalid-number': {
      heading: 'Kein Anschluss unter dieser Nummer',
      text: 'Das Telefonnetz kennt sie nicht. Prüfen Sie jede Ziffer und das Land.',
    },
    'hung-up': {
      heading: 'Der Anruf war zu früh zu Ende',
      text: 'Es wurde aufgelegt, bevor wir fertig waren. Versuchen Sie es noch einmal und warten Sie, bis Sie das Ergebnis hören.',
    },
    'no-input': {
      heading: 'Es kam keine Taste an',
      text: 'Wir haben keine Taste gehört oder nicht alle. Versuchen Sie es noch einmal und benutzen Sie die Tasten des Telefons, wenn die Stimme darum bittet.',
    },
    'wrong-code': {
      heading: 'Der Code war nicht richtig',
      text: 'Die Tasten passten nicht zum Code. Versuchen Sie es noch einmal, Sie bekommen einen neuen Code.',
    },
    'media-failed': {
      heading: 'Es kam kein Ton durch',
      text: 'Die Verbindung stand, blieb aber stumm. Das lag nicht an Ihnen. Versuchen Sie es bitte noch einmal.',
    },
    'trunk-unavailable': {
      heading: 'Wir können gerade nicht anrufen',
      text: 'Unsere Verbindung zum Telefonnetz ist gestört. Versuchen Sie es bitte in ein paar Minuten noch einmal.',
    },
    canceled: { heading: 'Der Anruf wurde abgebrochen', text: 'Ihre Nummer ist nicht bestätigt.' },
    blocked: {
      heading: 'Diese Nummer darf nicht angerufen werden',
      text: 'Anrufe dorthin sind hier nicht erlaubt. Verwenden Sie bitte eine andere Nummer.',
    },
    reported: {
      heading: 'Dieser Anruf war nicht gewünscht',
      text: 'Wer abgehoben hat, hat es mit einer Taste gesagt, und wir rufen diese Nummer nicht mehr an. War es ein Versehen? Wenden Sie sich an den Betreiber dieser Website oder verwenden Sie eine andere Nummer.',
    },
  },

  refusals: {
    invalid_request: reload,
    invalid_json: reload,
    invalid_idempotency_key: reload,
    unsupported_media_type: reload,
    header_too_large: reload,
    body_too_large: 'Das ist zu lang. Prüfen Sie bitte die Nummer.',
    method_not_allowed: 'Das ist hier nicht möglich.',
    insufficient_scope: 'Diese Seite darf das nicht.',
    call_denied: 'Die Website, von der Sie kommen, lässt diesen Anruf nicht zu.',
    not_found: 'Der Server kennt diese Adresse nicht. Laden Sie die Seite neu und versuchen Sie es noch einmal.',
    unauthorized: 'Diese Seite darf der Bestätigung nicht mehr folgen. Beginnen Sie bitte von vorn.',
    request_timeout: 'Die Verbindung war zu langsam. Versuchen Sie es bitte noch einmal.',
    verification_not_found: 'Diese Bestätigung gibt es nicht mehr. Beginnen Sie bitte von vorn.',
    verification_closed: 'Diese Bestätigung ist schon abgeschlossen. Beginnen Sie bitte von vorn.',
    code_not_typed_here: 'Dieser Code wird am Telefon eingetippt, nicht hier.',
    verification_conflict: 'Zwei Dinge sind gleichzeitig passiert. Versuchen Sie es bitte noch einmal.',
    call_in_progress: 'Ein Anruf läuft noch. Warten Sie, bis er beendet ist.',
    idempotency_key_reused: 'Diese Anfrage wurde schon mit anderen Angaben gesendet. Beginnen Sie bitte von vorn.',
    storage_unavailable: 'Im Moment kann nichts gespeichert werden.',
    codes_exhausted: 'Im Moment laufen zu viele Bestätigungen.',
    telephony_unavailable: 'Im Moment können wir nicht anrufen.',
    starting: 'Der Server ist gerade erst gestartet.',
    unknown_method: 'Diese Methode wird hier nicht angeboten. Wählen Sie bitte eine andere.',
    unknown_locale: 'Für diese Sprache gibt es keine Stimme. Wählen Sie bitte eine andere Sprache.',
    payee_not_sayable:
      'Der Anruf könnte den Namen des Empfängers nicht aussprechen. Gehen Sie bitte zurück zu der Website, von der Sie kommen.',
    invalid_number: 'Diese Nummer können wir nicht anrufen. Prüfen Sie bitte die Nummer und das Land.',
    number_not_allowed: 'Anrufe an diese Nummer sind hier nicht erlaubt. Verwenden Sie bitte eine andere Nummer.',
    rate_limited: 'In letzter Zeit gab es zu viele Anrufe.',
    internal_error: 'Bei uns ist etwas schiefgegangen. Versuchen Sie es bitte noch einmal.',
  },

  result: {
    verified: { heading: 'Bestätigt', text: (number) => `${number} gehört Ihnen.` },
    locked: {
      heading: 'Zu viele falsche Codes',
      text: 'Zu Ihrer Sicherheit gilt dieser Code nicht mehr. Beginnen Sie von vorn, um einen neuen zu bekommen.',
    },
    expired: {
      heading: 'Die Zeit ist abgelaufen',
      text: 'Ein Code gilt höchstens zehn Minuten. Beginnen Sie von vorn, um einen neuen zu bekommen.',
    },
    canceled: { heading: 'Abgebrochen', text: 'Ihre Nummer ist nicht bestätigt.' },
    superseded: {
      heading: 'Durch eine neuere ersetzt',
      text: 'Für diese Nummer wurde anderswo neu begonnen, vielleicht in einem anderen Tab. Nur die neueste Bestätigung zählt.',
    },
    tryAgain: 'Noch einmal versuchen',
    startAgain: 'Von vorn beginnen',
    changeNumber: 'Andere Nummer verwenden',
    useKeypad: 'Code stattdessen eintippen',
    useSpoken: 'Code stattdessen anhören',
    another: 'Weitere Nummer bestätigen',
  },

  trouble: {
    offline: 'Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
    other: 'Das hat nicht geklappt. Versuchen Sie es bitte noch einmal.',
    retry: 'Noch einmal versuchen',
    soon: 'Versuchen Sie es bitte bald noch einmal.',
    retryIn: (seconds) =>
      seconds < 90
        ? `Versuchen Sie es in ${seconds === 1 ? 'einer Sekunde' : `${seconds} Sekunden`} noch einmal.`
        : `Versuchen Sie es in ${Math.ceil(seconds / 60)} Minuten noch einmal.`,
    noSettings: {
      heading: 'Der Server antwortet nicht',
      text: 'Vielleicht startet er gerade. Versuchen Sie es gleich noch einmal.',
    },
    closed: {
      heading: 'Nicht für Besucher geöffnet',
      text: 'Eine Bestätigung beginnt auf der Website, die Sie nach Ihrer Nummer gefragt hat. Gehen Sie bitte dorthin zurück.',
    },
  },

  phone: {
    title: 'Testtelefon',
    heading: 'Testtelefon',
    lede: 'Ein Telefon in Ihrem Browser, zum Ausprobieren. Anrufe an seine Nummer klingeln hier und nirgends sonst.',
    number: 'Seine Nummer',
    numberHint: 'Jede beliebige Nummer: Niemand zahlt dafür, und niemand sonst wird angerufen.',
    password: 'Passwort des Proxys',
    connect: 'Verbinden',
    disconnect: 'Trennen',
    needNumber: 'Geben Sie dem Telefon eine Nummer.',
    notOffered: {
      heading: 'Hier gibt es kein Testtelefon',
      text: 'Dieser Server ruft über eine echte Telefonleitung an, ein Testtelefon könnte sich mit nichts verbinden.',
    },
    openVisitor: 'Zur Bestätigungsseite',
    states: {
      off: { title: 'Nicht verbunden', text: 'Mit „Verbinden“ schalten Sie das Telefon ein.' },
      connecting: { title: 'Verbindet sich\u00A0…', text: 'Der Proxy wird gesucht.' },
      retrying: {
        title: 'Verbindet sich neu\u00A0…',
        text: 'Die Verbindung ist abgebrochen oder wurde abgelehnt. Das Telefon versucht es weiter.',
      },
      refused: { title: 'Abgelehnt', text: 'Der Proxy nimmt diese Nummer oder dieses Passwort nicht an.' },
      ready: { title: 'Bereit', text: 'Wartet auf einen Anruf.' },
      ringing: { title: 'Eingehender Anruf', text: 'Heben Sie ab, um ihn zu hören.' },
      answering: { title: 'Der Anruf wird verbunden\u00A0…', text: 'Der Ton kommt gleich.' },
      talking: { title: 'Im Gespräch', text: 'Tippen Sie auf die Tasten unten oder auf Ihrer Tastatur.' },
      ended: { title: 'Anruf beendet', text: 'Wartet auf den nächsten Anruf.' },
    },
    from: (caller) => `von ${caller}`,
    toCall: 'Eine Nummer anrufen',
    call: 'Anrufen',
    needNumberToCall: 'Geben Sie ein, wen das Telefon anrufen soll.',
    answer: 'Abheben',
    decline: 'Ablehnen',
    hangUp: 'Auflegen',
    keypad: 'Tasten',
    key: (key) => ({ '*': 'Stern', '#': 'Raute' })[key] ?? key,
    level: 'Ton des Anrufers',
    sent: 'Gesendete Tasten',
    noneSent: 'noch keine',
    notSent: (key) => `Die Taste ${key} kam nicht durch.`,
    soundBlocked: 'Ihr Browser hält den Ton zurück.',
    playSound: 'Ton abspielen',
    noSound: 'Vom Anrufer kommt kein Ton an.',
  },
};
