/** A key press as the body of an INFO. */
interface InfoBody {
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

const RELAY = 'application/dtmf-relay';
const EVENTS = '0123456789*#ABCD';

const relay = (body: string, contentType = RELAY): InfoBody => ({ contentType, body });

/** The forms in which gateways are known to tell a key (notes §1.8); a receiver should read one key from each. */
const KEY_FORMS = {
  relay: (key: string) => relay(`Signal=${key}\r\nDuration=160\r\n`),
  'relay-spaced': (key: string) => relay(`Signal= ${key}\r\nDuration= 160\r\n`),
  'relay-lf': (key: string) => relay(`Signal=${key}\nDuration=160\n`),
  'relay-charset': (key: string) => relay(`Signal=${key}\r\nDuration=160\r\n`, `${RELAY}; charset=utf-8`),
  'relay-type-in-capitals': (key: string) => relay(`Signal=${key}\r\nDuration=160\r\n`, 'Application/DTMF-Relay'),
  'relay-no-duration': (key: string) => relay(`Signal=${key}`),
  'relay-zero-duration': (key: string) => relay(`Signal=${key}\r\nDuration=0\r\n`),
  'relay-bad-duration': (key: string) => relay(`Signal=${key}\r\nDuration=abc\r\n`),
  'relay-long-duration': (key: string) => relay(`Signal=${key}\r\nDuration=99999\r\n`),
  'relay-lower-name': (key: string) => relay(`signal=${key}\r\nduration=160\r\n`),
  'relay-lower-key': (key: string) => relay(`Signal=${key.toLowerCase()}\r\nDuration=160\r\n`),
  'relay-duration-first': (key: string) => relay(`Duration=160\r\nSignal=${key}\r\n`),
  'relay-blank-first': (key: string) => relay(`\r\nSignal=${key}\r\nDuration=160\r\n`),
  'relay-trailing-blank': (key: string) => relay(`Signal=${key} \r\nDuration=160 \r\n`),
  'relay-number': (key: string) => relay(`Signal=${EVENTS.indexOf(key)}\r\nDuration=160\r\n`),
  'relay-twice': (key: string) => relay(`Signal=${key}\r\nSignal=${key}\r\nDuration=160\r\n`),
  'dtmf-bare': (key: string) => relay(key, 'application/dtmf'),
  'dtmf-line': (key: string) => relay(`${key}\r\n`, 'application/dtmf'),
  'dtmf-d': (key: string) => relay(`d=${key}`, 'application/dtmf'),
  'dtmf-signal': (key: string) => relay(`Signal=${key}\r\nDuration=160\r\n`, 'application/dtmf'),
  nortel: (key: string) =>
    relay(`p=Digit-Collection\r\ny=Digits\r\nd=${key}\r\n`, 'application/vnd.nortelnetworks.digits'),
  /** RFC 4733 §2.3: event, end flag and volume, duration in samples. */
  'telephone-event': (key: string): InfoBody => ({
    contentType: 'audio/telephone-event',
    body: Uint8Array.of(EVENTS.indexOf(key), 0x8a, 0x05, 0x00),
  }),
} as const;

/** No key at all, though it looks like one. */
const KEYLESS_FORMS = {
  'relay-flash': () => relay('Signal=flash\r\nDuration=160\r\n'),
  'relay-flash-number': () => relay('Signal=16\r\nDuration=160\r\n'),
  'relay-no-signal': () => relay('Signal=\r\nDuration=160\r\n'),
  'relay-empty': () => relay(''),
} as const;

const FORMS = { ...KEY_FORMS, ...KEYLESS_FORMS };
export type InfoForm = keyof typeof FORMS;
export const KEY_INFO_FORMS: readonly InfoForm[] = Object.keys(KEY_FORMS).filter(isInfoForm);
export const KEYLESS_INFO_FORMS: readonly InfoForm[] = Object.keys(KEYLESS_FORMS).filter(isInfoForm);

function isInfoForm(name: string): name is InfoForm {
  return name in FORMS;
}

/** `key` is one of `0`-`9`, `*`, `#`, `A`-`D`. */
export function infoBodyOf(form: InfoForm, key: string): { readonly contentType: string; readonly body: Uint8Array } {
  const { contentType, body } = FORMS[form](key);
  return { contentType, body: typeof body === 'string' ? Buffer.from(body) : body };
}
