/**
 * The forms that nearly all SIP headers have, read by a regular expression each. JsSIP reads every header of every
 * message with a generated PEG parser, which takes a tenth of what a call costs. Whatever is not read here goes to that
 * parser, and test/unit/sip/quick-grammar.test.ts holds the two against each other.
 */
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

interface Uri {
  setParam(name: string, value: string | null): void;
}
type Maybe<T> = T | undefined;
// oxlint-disable typescript/no-unsafe-type-assertion -- JsSIP's types of these want what its code does without
const UriClass = load('jssip/lib/URI') as new (
  scheme: Maybe<string>,
  user: Maybe<string>,
  host: Maybe<string>,
  port: Maybe<number>,
) => Uri;
const NameAddressClass = load('jssip/lib/NameAddrHeader') as new (
  uri: Uri,
  displayName: Maybe<string>,
  parameters: Readonly<Record<string, string>>,
) => object;
const grammar = load('jssip/lib/Grammar') as { parse: Parse };
// oxlint-enable typescript/no-unsafe-type-assertion

/** -1 for what a rule does not match. */
type Parse = (text: string, rule: string) => unknown;

const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const HOST = String.raw`(?<host>(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)*[a-z][a-z0-9]*(?:-[a-z0-9]+)*|${OCTET}(?:\.${OCTET}){3})`;
const PORT = String.raw`(?::(?<port>\d{1,5}))?`;
/** Not `maddr` and others: JsSIP's parser has ways of its own with them. */
const PARAMETERS = String.raw`(?<parameters>(?:;(?:transport=(?:ws|wss|udp|tcp|tls)|user=phone|lr|ob))*)`;
const ADDRESS = String.raw`(?<scheme>sips?):(?<user>[A-Za-z0-9._+*-]+)@${HOST}${PORT}${PARAMETERS}`;
const TAG = String.raw`(?:;tag=(?<tag>[A-Za-z0-9._+*-]+))?`;

/** These and no others: JsSIP's parser refuses a method whose name begins with one that it knows, such as BYEE. */
const METHOD =
  '(?<method>INVITE|ACK|BYE|CANCEL|OPTIONS|REGISTER|INFO|NOTIFY|REFER|UPDATE|PRACK|SUBSCRIBE|MESSAGE|PUBLISH)';

const NUMBER = /^\d{1,9}$/;
const TOKENS = /^[A-Za-z0-9._+*-]+$/;
const MEDIA_TYPE = /^[A-Za-z0-9.+-]+\/[A-Za-z0-9.+-]+$/;
const CSEQ = new RegExp(String.raw`^(?<value>\d{1,9}) ${METHOD}$`);
const STATUS_LINE = /^SIP\/2\.0 (?<status>\d{3}) (?<reason>[A-Za-z ]*)$/;
const REQUEST_LINE = new RegExp(`^${METHOD} ${ADDRESS} SIP/2\\.0$`);
const PLAIN_URI = new RegExp(`^${ADDRESS}$`);
const NAME_ADDRESS = new RegExp(`^(?:"(?<name>[A-Za-z0-9 ]+)" )?<${ADDRESS}>${TAG}$`);
const VIA = new RegExp(`^SIP/2\\.0/(?<transport>[A-Z]+) ${HOST}${PORT};branch=(?<branch>[A-Za-z0-9._+*-]+)$`);

type Groups = Readonly<Record<string, string | undefined>>;

const RULES: Readonly<Record<string, (text: string) => unknown>> = {
  Request_Response: (text) => statusLine(text) ?? requestLine(text),
  Via: via,
  From: nameAddress,
  To: nameAddress,
  Contact: nameAddresses,
  Record_Route: nameAddresses,
  Call_ID: (text) => (TOKENS.test(text) ? text : undefined),
  CSeq(text) {
    const groups = CSEQ.exec(text)?.groups;
    return groups && { value: Number(groups['value']), method: groups['method'] };
  },
  Content_Length: number,
  Max_Forwards: number,
  Content_Type: (text) => (MEDIA_TYPE.test(text) ? text : undefined),
  SIP_URI(text) {
    const groups = PLAIN_URI.exec(text)?.groups;
    return groups && uri(groups);
  },
};

/** What JsSIP's parser would make of this text, or undefined where it has to be asked. */
export function readQuickly(text: string, rule: string): unknown {
  return RULES[rule]?.(text);
}

let installed = false;

/** From now on JsSIP reads in this way. Harmless when called twice. */
export function installQuickGrammar(): void {
  if (installed) return;
  installed = true;
  const parse = grammar.parse;
  grammar.parse = (text, rule) => readQuickly(text, rule) ?? parse.call(grammar, text, rule);
}

function number(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : undefined;
}

function statusLine(text: string): object | undefined {
  const groups = STATUS_LINE.exec(text)?.groups;
  return groups && { sip_version: 'SIP/2.0', status_code: Number(groups['status']), reason_phrase: groups['reason'] };
}

function requestLine(text: string): object | undefined {
  const groups = REQUEST_LINE.exec(text)?.groups;
  return groups && { sip_version: 'SIP/2.0', method: groups['method'], uri: uri(groups) };
}

function via(text: string): object | undefined {
  const groups = VIA.exec(text)?.groups;
  if (!groups) return undefined;
  const { transport, host = '', port, branch } = groups;
  const hostType = /^\d[\d.]*$/.test(host) ? 'IPv4' : 'domain';
  return {
    protocol: 'SIP',
    transport,
    host_type: hostType,
    host,
    ...(port === undefined ? {} : { port: Number(port) }),
    branch,
  };
}

function nameAddress(text: string): object | undefined {
  const groups: Groups | undefined = NAME_ADDRESS.exec(text)?.groups;
  if (!groups) return undefined;
  const { name, tag } = groups;
  return new NameAddressClass(uri(groups), name, tag === undefined ? {} : { tag });
}

/** JsSIP cuts a list in pieces by these numbers; of one piece they are its whole length. */
function nameAddresses(text: string): readonly object[] | undefined {
  const parsed = nameAddress(text);
  return parsed && [{ possition: text.length, offset: 0, parsed }];
}

function uri({ scheme, user, host, port, parameters = '' }: Groups): Uri {
  const made = new UriClass(scheme, user, host, port === undefined ? undefined : Number(port));
  for (const parameter of parameters.split(';').slice(1)) {
    const [name = '', value = null] = parameter.split('=');
    made.setParam(name, value);
  }
  return made;
}
