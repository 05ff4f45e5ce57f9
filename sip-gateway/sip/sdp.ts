/** Reading and mending session descriptions (RFC 8866), only as far as one audio stream needs it. Pure. */

export type SdpDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

interface SdpCodec {
  readonly payloadType: number;
  /** As in the rtpmap, upper case: `PCMU`, `TELEPHONE-EVENT`, `OPUS`. */
  readonly name: string;
  readonly clockRate: number;
}

/** The first audio stream of a description that is not refused (port 0). */
export interface AudioDescription {
  readonly port: number;
  readonly mid: string;
  /** In the order of the m= line: the other side's preference (RFC 3264 §6.1). */
  readonly codecs: readonly SdpCodec[];
  readonly direction: SdpDirection;
  readonly iceUfrag: string | undefined;
  readonly icePwd: string | undefined;
  readonly fingerprint: string | undefined;
}

/** Payload types that need no rtpmap (RFC 3551 §6). */
const STATIC_CODECS: Readonly<Record<number, string>> = { 0: 'PCMU/8000', 8: 'PCMA/8000' };

const DIRECTIONS: readonly SdpDirection[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

export function readAudio(sdp: string): AudioDescription | undefined {
  const { session, media } = sections(sdp);
  const audio = media.find(([line]) => line !== undefined && /^m=audio [1-9]/.test(line));
  const [, port, formats] = /^m=audio (\d+)(?:\/\d+)? \S+ (.+)$/.exec(audio?.[0] ?? '') ?? [];
  if (!audio || port === undefined || formats === undefined) return undefined;

  const attribute = (name: string): string | undefined => attributeOf(audio, name) ?? attributeOf(session, name);
  return {
    port: Number(port),
    mid: attribute('mid') ?? '0',
    codecs: formats.split(/\s+/).flatMap((format) => codecOf(Number(format), audio)),
    direction:
      DIRECTIONS.find((direction) => audio.includes(`a=${direction}`) || session.includes(`a=${direction}`)) ??
      'sendrecv',
    iceUfrag: attribute('ice-ufrag'),
    icePwd: attribute('ice-pwd'),
    fingerprint: attribute('fingerprint'),
  };
}

/** Whether both describe the same place: then nothing has to be set up anew. */
export function sameTransport(one: string, other: string): boolean {
  const [a, b] = [readAudio(one), readAudio(other)];
  return (
    a !== undefined &&
    b !== undefined &&
    a.port === b.port &&
    a.iceUfrag === b.iceUfrag &&
    a.icePwd === b.icePwd &&
    a.fingerprint?.toLowerCase() === b.fingerprint?.toLowerCase()
  );
}

/**
 * Remote SDP without what media engines choke on (field notes §2.2 and §8):
 * - `a=rtcp-fb:*` (Asterisk): libdatachannel wants a number where the star is;
 * - `a=rtcp:41033` without an address (rtpengine): werift wants one; with rtcp-mux the line says nothing;
 * - TCP candidates and `.local` names (browsers): never usable here; a browser's checks reach us anyway and
 *   make its real address known (peer-reflexive, RFC 8445 §7.3.1.3);
 * - bare line feeds.
 */
export function digestible(sdp: string): string {
  const kept = linesOf(sdp).filter(
    (line) =>
      !line.startsWith('a=rtcp-fb:*') &&
      !/^a=rtcp:\d+\s*$/.test(line) &&
      !/^a=candidate:\S+ \d+ (tcp|ssltcp) /i.test(line) &&
      !/^a=candidate:(\S+ ){4}\S+\.local /i.test(line),
  );
  return joined(kept);
}

/**
 * A remote answer whose DTLS role cannot be mistaken. An answer has to choose (RFC 5763 §5); one that says
 * nothing or `actpass` is taken to agree with a role that we offered.
 */
export function withChosenRole(answer: string, offered: 'active' | 'actpass'): string {
  const lines = linesOf(answer);
  const chosen = offered === 'active' ? 'a=setup:passive' : 'a=setup:active';
  const mended = lines.map((line) => (line === 'a=setup:actpass' ? chosen : line));
  return joined(mended.some((line) => line.startsWith('a=setup:')) ? mended : [...mended, chosen]);
}

export function withSetup(sdp: string, setup: 'active' | 'passive' | 'actpass'): string {
  return joined(linesOf(sdp).map((line) => (line.startsWith('a=setup:') ? `a=setup:${setup}` : line)));
}

/**
 * Our own description under one session id whose version grows with each change (RFC 3264 §8), also when the
 * engine's peer behind it was replaced.
 */
export function withOrigin(sdp: string, id: number, version: number): string {
  return joined(
    linesOf(sdp).map((line) => line.replace(/^(o=\S+) \S+ \S+ /, (_, user: string) => `${user} ${id} ${version} `)),
  );
}

export function withDirection(sdp: string, direction: SdpDirection): string {
  return joined(
    linesOf(sdp).map((line) => (DIRECTIONS.some((known) => line === `a=${known}`) ? `a=${direction}` : line)),
  );
}

/** What an answer says to an offered direction (RFC 3264 §6.1). */
export function answeredDirection(offered: SdpDirection): SdpDirection {
  if (offered === 'sendonly') return 'recvonly';
  return offered === 'recvonly' ? 'sendonly' : offered;
}

/** A description that has all its candidates in it does not trickle (RFC 8838 §4.1.3). */
export function withoutTrickle(sdp: string): string {
  return joined(
    linesOf(sdp)
      .map((line) => (line.startsWith('a=ice-options:') ? line.replace(/[ ,]?\btrickle\b/, '') : line))
      .filter((line) => line !== 'a=ice-options:' && !line.startsWith('a=group:LS')),
  );
}

function codecOf(payloadType: number, audio: readonly string[]): SdpCodec[] {
  const map = attributeOf(audio, `rtpmap:${payloadType}`, ' ') ?? STATIC_CODECS[payloadType];
  const [name, clockRate] = map?.split('/') ?? [];
  return name && clockRate ? [{ payloadType, name: name.toUpperCase(), clockRate: Number(clockRate) }] : [];
}

function attributeOf(lines: readonly string[], name: string, separator = ':'): string | undefined {
  const prefix = `a=${name}${separator}`;
  return lines
    .find((line) => line.startsWith(prefix))
    ?.slice(prefix.length)
    .trim();
}

function sections(sdp: string): { readonly session: readonly string[]; readonly media: readonly string[][] } {
  const session: string[] = [];
  const media: string[][] = [];
  for (const line of linesOf(sdp)) {
    if (line.startsWith('m=')) media.push([line]);
    else (media.at(-1) ?? session).push(line);
  }
  return { session, media };
}

function linesOf(sdp: string): string[] {
  return sdp
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
}

function joined(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n`;
}
