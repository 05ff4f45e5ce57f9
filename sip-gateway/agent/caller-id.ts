import {
  ATTESTATIONS,
  type Attestation,
  type Caller,
  type CallerEvidence,
  type Validation,
} from '../../server/verification/caller.ts';

/** As much of a request as says who calls. */
export interface CallerHeaders {
  getHeaders(name: string): readonly string[];
}

/** Longer than any PASSporT of a carrier; a longer one is not looked into. */
const MAX_IDENTITY = 8_192;
/** What networks write in place of a number that is withheld or unknown. */
const NO_NUMBER: ReadonlySet<string> = new Set([
  '',
  'anonymous',
  'anon',
  'unavailable',
  'unknown',
  'restricted',
  'private',
  'withheld',
]);

/**
 * Who calls: P-Asserted-Identity of a gateway that is trusted (RFC 3325), else From. A number whose owner asked for
 * privacy is not used, whatever the network knows (RFC 3323 §4.2, RFC 3325 §9.3). What the network found out about
 * the number is taken from a trusted gateway only; what the header Identity claims is told as a claim.
 */
export function callerOf(request: CallerHeaders, { trustsGateway }: { readonly trustsGateway: boolean }): Caller {
  const from = unquoted(request.getHeaders('from'));
  const asserted = trustsGateway ? unquoted(request.getHeaders('p-asserted-identity')) : '';
  const [assertedParty, fromParty] = [partyOf(asserted), partyOf(from)];
  const party = assertedParty ?? fromParty;
  // Verstat of another number than the one that is asserted says nothing of the caller.
  const verstat = !assertedParty || isSame(assertedParty, fromParty) ? `${asserted},${from}` : asserted;
  const evidence: CallerEvidence = {
    source: assertedParty ? 'asserted' : 'from',
    ...(trustsGateway && verstatOf(verstat)),
    ...claimOf(request.getHeaders('identity')[0]),
  };
  const isHidden = /\b(id|user|header)\b/i.test(request.getHeaders('privacy').join(';')) || fromParty === undefined;
  if (!party || isHidden) return { evidence };
  const { user, host } = party;
  return { presented: user, ...(host !== undefined && { address: `sip:${user}@${host}` }), evidence };
}

interface Party {
  readonly user: string;
  readonly host?: string;
}

/** A display name is free text, and may look like an address. */
function unquoted(headers: readonly string[]): string {
  return headers.join(',').replaceAll(/"(?:[^"\\]|\\.)*"/g, '');
}

function isSame(one: Party, other: Party | undefined): boolean {
  return one.user.replace(/^\+/, '') === other?.user.replace(/^\+/, '');
}

/** The first address that somebody can be known by; a tel URI beside a SIP URI says the same (RFC 3325 §9.1). */
function partyOf(headers: string): Party | undefined {
  const addresses = headers.match(/<[^>]*>/g)?.join(',') ?? headers;
  for (const [, tel, sipUser, host] of addresses.matchAll(
    /\btel:([^;>,\s]+)|\bsips?:([^@;>,\s]*)(?:;[^@>,\s]*)?@([^;>:,\s]+)/gi,
  )) {
    const user = decoded(tel ?? sipUser ?? '');
    if (NO_NUMBER.has(user.toLowerCase()) || host?.toLowerCase() === 'anonymous.invalid') continue;
    return { user, ...(host !== undefined && { host: host.toLowerCase() }) };
  }
  return undefined;
}

function decoded(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

const VALIDATION_OF: ReadonlyMap<string, Validation> = new Map([
  ['tn-validation-passed', 'passed'],
  ['tn-validation-failed', 'failed'],
  ['no-tn-validation', 'none'],
]);

/** 3GPP TS 24.229 §7.2A.20; ATIS-1000082 appends the level to a number that passed. */
function verstatOf(headers: string): Pick<CallerEvidence, 'validation' | 'attestation'> {
  const [, verstat = '', level] =
    /;verstat=(TN-Validation-Passed|TN-Validation-Failed|No-TN-Validation)(?:-([ABC]))?\b/i.exec(headers) ?? [];
  const validation = VALIDATION_OF.get(verstat.toLowerCase());
  const attestation = attestationOf(level?.toUpperCase());
  return { ...(validation !== undefined && { validation }), ...(attestation !== undefined && { attestation }) };
}

/** The PASSporT's own word (RFC 8225, RFC 8588); its signature is for the gateway's verification service. */
function claimOf(identity: string | undefined): Pick<CallerEvidence, 'claimed'> {
  if (identity === undefined) return {};
  const [, payload = ''] = identity.length > MAX_IDENTITY ? [] : identity.split('.');
  return { claimed: attestationOf(attestOf(payload)) ?? 'unreadable' };
}

function attestOf(payload: string): unknown {
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null && 'attest' in claims ? claims.attest : undefined;
  } catch {
    return undefined;
  }
}

function attestationOf(word: unknown): Attestation | undefined {
  return ATTESTATIONS.find((level) => level === word);
}
