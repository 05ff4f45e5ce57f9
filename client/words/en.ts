import type { CallStateName, MethodName, OutcomeName } from '../../server/http/contract.ts';
import type { RefusalCode } from '../api/refusal.ts';

/** A heading, and what to do about it. */
export interface Explanation {
  readonly heading: string;
  readonly text: string;
}
/** A step of a call: before it, while it lasts (with a hint), and after it. */
export interface StepWords {
  readonly next: string;
  readonly now: string;
  readonly hint: string;
  readonly done: string;
}

const steps: Record<Exclude<CallStateName, 'ended'>, StepWords> = {
  queued: { next: 'Call', now: 'Waiting for a line', hint: 'You are next.', done: 'Got a line' },
  dialing: { next: 'Call', now: 'Calling', hint: 'Looking for your phone.', done: 'Called' },
  ringing: { next: 'Ring', now: 'Ringing', hint: 'Please answer your phone.', done: 'Rang' },
  answered: { next: 'Answer', now: 'Answered', hint: 'Listen to the greeting.', done: 'Answered' },
  gate: {
    next: 'Press the digit you hear',
    now: 'Press the digit you hear',
    hint: 'The voice asks for one digit, so that we know somebody is there. The star key has it said again.',
    done: 'Digit pressed',
  },
  speaking: {
    next: 'Hear the code',
    now: 'The voice is saying the code',
    hint: 'You will hear it three times.',
    done: 'Code spoken',
  },
  collecting: {
    next: 'Key the code',
    now: 'Key the code',
    hint: 'Use the keypad of the phone. You may start at any time.',
    done: 'Code keyed',
  },
  verdict: { next: 'Result', now: 'Result', hint: 'The voice is telling it too.', done: 'Result told' },
};

/** How a call ended, in a few words for the timeline. */
const outcomes: Record<OutcomeName, string> = {
  completed: 'Call finished',
  busy: 'Busy',
  'no-answer': 'No answer',
  rejected: 'Declined',
  unreachable: 'Not reachable',
  'invalid-number': 'No such number',
  'hung-up': 'Hung up',
  'no-input': 'No key heard',
  'wrong-code': 'Wrong code',
  'media-failed': 'No sound',
  'trunk-unavailable': 'No line',
  canceled: 'Canceled',
  blocked: 'Not allowed',
  reported: 'Not asked for',
};

const failures: Record<OutcomeName, Explanation> = {
  completed: {
    heading: 'The call brought no code',
    text: 'It ended before the code had arrived. Try again and stay on the line.',
  },
  busy: {
    heading: 'The line was busy',
    text: 'Somebody is on the phone. Wait until the line is free, then try again.',
  },
  'no-answer': {
    heading: 'Nobody answered',
    text: 'We let it ring for a good while. Keep the phone near you and try again.',
  },
  rejected: {
    heading: 'The call was declined',
    text: 'Was it declined by mistake? Try again. A call blocker may also have done it; allow our call there first.',
  },
  unreachable: {
    heading: 'The phone could not be reached',
    text: 'It may be switched off or out of coverage. Check it, then try again.',
  },
  'invalid-number': {
    heading: 'This number is not in use',
    text: 'The telephone network does not know it. Check each digit, and the country.',
  },
  'hung-up': {
    heading: 'The call ended too early',
    text: 'The phone hung up before we were done. Try again and stay on the line until you hear the result.',
  },
  'no-input': {
    heading: 'No key arrived',
    text: 'We heard no key, or not all of them. Try again and use the keypad of the phone when the voice asks.',
  },
  'wrong-code': {
    heading: 'The code was not right',
    text: 'The keys did not match the code. Try again: you will get a new code.',
  },
  'media-failed': {
    heading: 'The sound did not come through',
    text: 'The call was up, but silent. That was not your fault. Please try again.',
  },
  'trunk-unavailable': {
    heading: 'We cannot place calls at the moment',
    text: 'Our connection to the telephone network is down. Please try again in a few minutes.',
  },
  canceled: { heading: 'The call was canceled', text: 'Your number has not been verified.' },
  blocked: {
    heading: 'This number may not be called',
    text: 'Calls to it are not allowed here. Please use another number.',
  },
  reported: {
    heading: 'This call was not asked for',
    text: 'Whoever answered said so by a key, and we do not call this number again. Was it a mistake? Tell the operator of this site, or use another number.',
  },
};

const refusals: Record<RefusalCode, string> = {
  invalid_request: 'The server did not understand this page. Reload it and try again.',
  invalid_json: 'The server did not understand this page. Reload it and try again.',
  invalid_idempotency_key: 'The server did not understand this page. Reload it and try again.',
  unsupported_media_type: 'The server did not understand this page. Reload it and try again.',
  header_too_large: 'The server did not understand this page. Reload it and try again.',
  body_too_large: 'That is too long. Please check the number.',
  method_not_allowed: 'That is not possible here.',
  insufficient_scope: 'This page may not do that.',
  call_denied: 'The site that you came from does not want this call to be placed.',
  not_found: 'The server does not know this address. Reload the page and try again.',
  unauthorized: 'This page is no longer allowed to follow the verification. Please start again.',
  request_timeout: 'The connection was too slow. Please try again.',
  verification_not_found: 'This verification is no longer there. Please start again.',
  verification_closed: 'This verification is already over. Please start again.',
  code_not_typed_here: 'This code is keyed on the phone, not typed here.',
  verification_conflict: 'Two things happened at once. Please try again.',
  call_in_progress: 'A call is still in progress. Wait until it has ended.',
  idempotency_key_reused: 'This request was already sent with other details. Please start again.',
  storage_unavailable: 'Nothing can be saved at the moment.',
  codes_exhausted: 'There are too many verifications at the moment.',
  telephony_unavailable: 'We cannot place calls at the moment.',
  starting: 'The server has just started.',
  unknown_method: 'This way of verifying is not offered here. Please choose another.',
  unknown_locale: 'There is no voice for this language. Please choose another language.',
  payee_not_sayable: 'The call could not say the name of the payee. Please go back to the site that you came from.',
  invalid_number: 'This is not a number that we can call. Please check it, and the country.',
  number_not_allowed: 'Calls to this number are not allowed here. Please use another number.',
  rate_limited: 'There were too many calls lately.',
  internal_error: 'Something went wrong on our side. Please try again.',
};

export const en = {
  tag: 'en',
  language: 'Language',

  start: {
    title: 'Verify your phone number',
    heading: 'Verify your phone number',
    lede: 'One call proves that this phone is yours. It takes about a minute.',
    country: 'Country or region',
    number: 'Phone number',
    numberHint: 'Mobile or landline.',
    numberOrSipHint: 'Mobile or landline. A SIP address works too.',
    extension: {
      ask: 'Add an extension',
      label: 'Extension',
      hint: 'We key it once the switchboard has answered. A comma waits two seconds.',
      notKeys: 'Use digits, * and #, and commas for pauses.',
      tooLong: 'This is too long for an extension.',
    },
    asTyped: 'Will be called exactly as you typed it.',
    methods: 'How shall we do it?',
    submit: 'Call me',
    submitDialIn: 'Show me the number',
    submitting: 'One moment…',
    noPhone: 'No phone at hand?',
    openPhone: 'Open the test phone',
    newTab: '(opens in a new tab)',
    empty: 'Enter your phone number.',
    tooShort: (country: string) => `This number is too short for the chosen country, ${country}.`,
    tooLong: (country: string) => `This number is too long for the chosen country, ${country}.`,
    notANumber: 'This does not look like a phone number.',
  },

  methods: {
    keypad: { title: 'Key a code', text: 'We call, you key the code shown here.' },
    spoken: { title: 'Hear a code', text: 'We call and say a code, you type it here.' },
    'dial-in': { title: 'Call us', text: 'You call a number shown here and key a code.' },
  } satisfies Record<MethodName, { title: string; text: string }>,

  call: {
    keypadHeading: 'Key this code on your phone',
    spokenHeading: 'Type the code you hear',
    calling: (number: string) => `for ${number}`,
    withExtension: (number: string, extension: string) => `${number}, extension ${extension}`,
    voice: (language: string) => `The voice speaks ${language}.`,
    codeIs: (code: string) => `Your code is ${code}`,
    codeGone: 'The code was shown before and is not kept. Call again to get a new one.',
    timeline: 'The call, step by step',
    word: 'The call will say',
    otherWord: 'Does it say another word, or none? Then it is not our call: hang up.',
    payment: 'You approve a payment of',
    payee: 'to',
    keysArrived: (keys: number, all: number) => `${keys} of ${all} keys arrived`,
    timeLeft: 'Time left',
    oneMinuteLeft: 'One minute left',
    attempts: 'Tries left',
    cancel: 'Cancel',
    change: 'Change number or method',
    again: 'Call me again',
    endedTitle: 'The call has ended',
    endedText: 'If you caught the code, type it above. If not, have us call again: you will get a new code.',
    codeLabel: (length: number) => `Code, ${length} digits`,
    check: 'Check the code',
    checking: 'Checking…',
    incomplete: (length: number) => `The code has ${length} digits.`,
    wrongCode: (attempts: number) =>
      `That is not the code. ${attempts === 1 ? 'One\u00A0try is left.' : `${attempts}\u00A0tries are left.`}`,
    connectionLost: 'The connection was lost. We keep trying; the call goes on.',
    connectionBack: 'The connection is back.',
    reconnect: 'Try now',
  },

  dialIn: {
    heading: 'Call, and key this code',
    from: (number: string) => `Call from ${number}. We know you by your number, so please do not hide it.`,
    number: 'Number to call',
    codeGone: 'The code was shown before and is not kept. Ask for a new one.',
    newCode: 'Show a new code',
    endedText: 'Call again if you like: the code above is still good.',
    refusedText: 'The telephone network says that the number of this call is not genuine. Call from your own phone.',
    reportedText:
      'Whoever called said so by a key. If that was a mistake, use another number, or tell the operator of this site.',
    steps: {
      queued: {
        next: 'Your call',
        now: 'Waiting for your call',
        hint: 'Call the number above from your phone.',
        done: 'You called',
      },
      ringing: { next: 'Ring', now: 'Your call is here', hint: 'We answer it.', done: 'Rang here' },
    } satisfies Partial<Record<CallStateName, StepWords>>,
  },

  steps,
  /** In place of the step `gate` where it asks for more than one digit. */
  severalDigits: {
    next: 'Press the digits you hear',
    now: 'Press the digits you hear',
    hint: 'The voice asks for a few digits, so that we know somebody is there. The star key has them said again.',
    done: 'Digits pressed',
  } satisfies StepWords,
  outcomes,
  failures,
  refusals,

  result: {
    verified: { heading: 'Verified', text: (number: string) => `${number} is yours.` },
    locked: {
      heading: 'Too many wrong codes',
      text: 'For your safety this code no longer works. Start again to get a new one.',
    },
    expired: { heading: 'The time is up', text: 'A code works for ten minutes at most. Start again to get a new one.' },
    canceled: { heading: 'Canceled', text: 'Your number has not been verified.' },
    superseded: {
      heading: 'Replaced by a newer one',
      text: 'This number has been started again elsewhere, perhaps in another tab. Only the newest verification counts.',
    },
    tryAgain: 'Try again',
    startAgain: 'Start again',
    changeNumber: 'Use another number',
    useKeypad: 'Key a code instead',
    useSpoken: 'Hear a code instead',
    another: 'Verify another number',
  },

  trouble: {
    offline: 'The server cannot be reached. Check your connection and try again.',
    other: 'That did not work. Please try again.',
    retry: 'Try again',
    soon: 'Please try again soon.',
    retryIn: (seconds: number) =>
      seconds < 90
        ? `Try again in ${seconds === 1 ? 'one second' : `${seconds} seconds`}.`
        : `Try again in ${Math.ceil(seconds / 60)} minutes.`,
    noSettings: { heading: 'The server does not answer', text: 'It may be starting. Try again in a moment.' },
    closed: {
      heading: 'Not open to visitors',
      text: 'Verifications are started on the site that asked you for your number. Please go back there.',
    },
  },

  phone: {
    title: 'Test phone',
    heading: 'Test phone',
    lede: 'A phone in your browser, for trying things out. Calls to its number ring here, and nowhere else.',
    number: 'Its number',
    numberHint: 'Any number you like: nobody pays for it and nobody else is called.',
    password: 'Password of the proxy',
    connect: 'Connect',
    disconnect: 'Disconnect',
    needNumber: 'Give the phone a number.',
    notOffered: {
      heading: 'No test phone here',
      text: 'This server calls through a real telephone line, so there is nothing a test phone could connect to.',
    },
    openVisitor: 'Open the verification page',
    states: {
      off: { title: 'Not connected', text: 'Choose Connect to switch the phone on.' },
      connecting: { title: 'Connecting…', text: 'Reaching the proxy.' },
      retrying: { title: 'Connecting again…', text: 'The connection was lost or refused. The phone keeps trying.' },
      refused: { title: 'Refused', text: 'The proxy does not accept this number or password.' },
      ready: { title: 'Ready', text: 'Waiting for a call.' },
      ringing: { title: 'Incoming call', text: 'Answer to hear it.' },
      answering: { title: 'Connecting the call…', text: 'The sound comes up in a moment.' },
      talking: { title: 'In a call', text: 'Key on the pad below or on your keyboard.' },
      ended: { title: 'Call ended', text: 'Waiting for the next call.' },
    },
    from: (caller: string) => `from ${caller}`,
    toCall: 'Call a number',
    call: 'Call',
    needNumberToCall: 'Type the number to call.',
    answer: 'Answer',
    decline: 'Decline',
    hangUp: 'Hang up',
    keypad: 'Keypad',
    key: (key: string) => ({ '*': 'Star', '#': 'Pound' })[key] ?? key,
    level: 'Sound from the caller',
    sent: 'Keys sent',
    noneSent: 'none yet',
    notSent: (key: string) => `Key ${key} did not get through.`,
    soundBlocked: 'Your browser holds the sound back.',
    playSound: 'Play the sound',
    noSound: 'No sound arrives from the caller.',
  },
};

/** Every phrase of the pages. A language that lacks one does not compile. */
export type Words = typeof en;
