import type { Command } from './terminal.ts';

/** What is typed, and what it is or does. */
type Line = readonly [typed: string, what: string];

export interface CommandEntry {
  /** What may follow the name, best first; nothing where the name is all. */
  readonly forms: readonly Line[];
  /** What a newcomer has to know besides, in a sentence or two. */
  readonly about?: string;
  readonly options?: readonly Line[];
  /** After the options. */
  readonly notes?: string;
  /**
   * Each is loaded when it is asked for: a web server must not even load the native media code that the phone and the
   * demo need.
   */
  readonly load: () => Promise<Command>;
}

const SAME_STORE = 'Works on the store of RINGPROOF_STORE, in the folder that the server is started in.';
const JSON_LINES: Line = ['--json', 'one JSON object for each event'];

/** Everything that `ringproof` can do; all help is made of this. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  start: {
    forms: [['', 'the web server, the voice server and the local proxy (default)']],
    about: 'Runs until Ctrl-C. Settings come from the environment; .env.example lists them all.',
    load: async () => (await import('./start.ts')).start,
  },
  proxy: {
    forms: [['', 'the SIP-over-WebSocket proxy alone']],
    about: 'Listens on PORT and HOST until Ctrl-C, with RINGPROOF_PROXY and RINGPROOF_PROXY_PASSWORD; docs/proxy.md.',
    load: async () => (await import('./proxy.ts')).proxy,
  },
  phone: {
    forms: [['NUMBER', 'a headless phone on the local proxy: rings, answers, says what it hears, keys']],
    about:
      'For testers: it registers on a SIP-over-WebSocket proxy, answers with real media, says what it hears, and keys the digits of the gate and the code it is told.',
    options: [
      ['--url URL', 'the proxy (default: ws://127.0.0.1:PORT/sip)'],
      ['--domain NAME', 'the SIP domain (default: ringproof.local)'],
      ['--password WORD', 'for proxies that ask for one (default: RINGPROOF_PROXY_PASSWORD)'],
      ['--keys CODE[,CODE]', 'what to key when asked for a code, the first time and the next ones'],
      ['--key-from-page', 'key what you type here: the code that the page shows'],
      ['--dial NUMBER', 'call this number, such as the one that the page shows for dial-in'],
      ['--no-gate', 'do not press the digits that the gate asks for'],
      ['--not-me', 'press the key that says that nobody here asked for the call'],
      ['--extension KEYS', 'a switchboard answers, and this phone rings behind it once KEYS were keyed'],
      [
        '--dtmf WAY',
        'how keys are sent: info (default), rfc4733, or in-band; the test call of "ringproof check-trunk" is answered in all three ways without it',
      ],
      ['--answer-after MS', 'how long it rings (default: 500)'],
      ['--hang-up-after MS', 'hang up so long after the answer'],
      ['--busy | --reject | --no-answer', 'do not answer at all'],
      ['--locale en,zh', 'the languages to recognise (default: all)'],
      ['--once', 'end after one call; exit code 0 if the phone did there what it was told'],
      JSON_LINES,
    ],
    notes: 'While a call is up, digits typed here are keyed at once; "h" hangs up. Ctrl-C unregisters and ends.',
    load: async () => (await import('./phone.ts')).phone,
  },
  verify: {
    forms: [['NUMBER', 'a verification from the terminal, with live progress']],
    about: 'Exit code 0 when the number is verified. Ctrl-C cancels the verification.',
    options: [
      [
        '--method NAME',
        'keypad (default): key the code that is shown here on the phone; spoken: type here the code that the phone says; dial-in: call the number that is shown here',
      ],
      ['--extension KEYS', 'keyed to the switchboard that answers, such as 204 or ,,1w204#'],
      ['--locale TAG', 'the language of the call, such as en'],
      ['--say-word', 'draw a word that is shown here and said on the call'],
      ['--amount AMOUNT', 'with --payee: a payment that the call says, such as "49.90 EUR"'],
      ['--payee NAME', 'with --amount: who is paid'],
      ['--user NAME', 'your name for the user, who gets only so many calls'],
      ['--nonce TEXT', 'shown back in the receipt; 8 to 200 characters'],
      ['--metadata KEY=VALUE', 'kept and shown back; may be given several times'],
      ['--url URL', 'the server (default: http://127.0.0.1:PORT)'],
      ['--json', 'one JSON object for each state'],
    ],
    notes: 'RINGPROOF_API_KEY is sent where it is set.',
    load: async () => (await import('./verify.ts')).verify,
  },
  explain: {
    forms: [['NUMBER', 'rule by rule, why a call to it would be placed or refused now']],
    about: `Counts nothing and changes nothing. Exit code 0 when the call would be placed, 1 when not. ${SAME_STORE}`,
    load: async () => (await import('./explain.ts')).explain,
  },
  'check-trunk': {
    forms: [['NAME NUMBER', 'ring NUMBER over this trunk, and say which keys and what audio come back']],
    about:
      'Somebody has to answer NUMBER and press 1, 2 and 3. NAME is one of RINGPROOF_TRUNKS; without that setting "default" is the gateway, and "local" the local proxy. Exit code 0 when a verification would work.',
    options: [['--json', 'all figures, as one JSON object']],
    load: async () => (await import('./check-trunk.ts')).checkTrunk,
  },
  'do-not-call': {
    forms: [
      ['list', 'the numbers that are never rung'],
      ['add NUMBER', 'never ring it again'],
      ['remove NUMBER', 'it may be rung again'],
    ],
    about: `Also beside a running server, which takes it up at its next call. ${SAME_STORE}`,
    load: async () => (await import('./do-not-call.ts')).doNotCall,
  },
  forgive: {
    forms: [['NUMBER', 'forget the wrong codes of a number']],
    about: `Also beside a running server. ${SAME_STORE}`,
    load: async () => (await import('./do-not-call.ts')).forgive,
  },
  demo: {
    forms: [['', 'the three methods end to end, a company line, and "that was not me", on this machine']],
    about:
      'With a server and headless phones of its own; touches no data, and takes two minutes. Exit code 0 when each scene came out as its title says.',
    options: [
      ['--scene NAME', 'keypad, spoken, dial-in, company-line or not-me alone; may come several times'],
      ['--locale TAG', 'the language of the calls (default: en)'],
      JSON_LINES,
    ],
    load: async () => (await import('./demo.ts')).demo,
  },
  keys: {
    forms: [
      ['new PARTY', 'a new API key of a relying party: shown once, its hash for RINGPROOF_RELYING_PARTIES'],
      ['rotate', 'a new key for receipts; the old one’s public half stays published for 90 days'],
    ],
    about: 'Both also beside a running server.',
    options: [['--scope LIST', 'new: what the key is good for, of create, read, operate (default: all three)']],
    load: async () => (await import('./keys.ts')).keys,
  },
  audit: {
    forms: [
      ['verify [FILE]', 'whether the audit log is as it was written'],
      ['find NUMBER', 'its lines about a number: what was asked, what was refused and why'],
    ],
    about: `verify is of the whole log, or of one day; exit code 0 when it is whole, 1 when not. ${SAME_STORE}`,
    options: [
      ['--head SEQ:MAC', 'verify: the log must reach this line, which was noted elsewhere (docs/operations.md)'],
    ],
    load: async () => (await import('./audit.ts')).audit,
  },
  erase: {
    forms: [['NUMBER', 'forget one person’s data; with the server stopped']],
    about: `A running server is asked by POST /v1/erasures instead (docs/operations.md). ${SAME_STORE}`,
    load: async () => (await import('./erase.ts')).erase,
  },
};
