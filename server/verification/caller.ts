/** STIR/SHAKEN levels (RFC 8588 §4): the caller's carrier knows the customer and the number, the customer, or neither. */
export const ATTESTATIONS = ['A', 'B', 'C'] as const;
export type Attestation = (typeof ATTESTATIONS)[number];

/** What the gateway's network found (3GPP TS 24.229 §7.2A.20, without the level that ATIS-1000082 appends). */
export const VALIDATIONS = ['passed', 'failed', 'none'] as const;
export type Validation = (typeof VALIDATIONS)[number];

/**
 * What came with the number of a caller. All of it is what others said: nothing here was verified by us, and a
 * caller ID without it is whatever the caller's switch wrote.
 */
export interface CallerEvidence {
  /** Where the number stood: in P-Asserted-Identity of a gateway that is trusted (RFC 3325), or in From. */
  readonly source: 'asserted' | 'from';
  /** `verstat` of the gateway, where it gave one. */
  readonly validation?: Validation;
  /** The level that the gateway found. */
  readonly attestation?: Attestation;
  /** `attest` as the header Identity claims it (RFC 8224); its signature was not checked here. */
  readonly claimed?: Attestation | 'unreadable';
}

/** Who calls, as it was presented. Without `presented` the number is withheld, or there is none. */
export interface Caller {
  /** A number in whatever form the network has, or an extension. */
  readonly presented?: string;
  /** `sip:desk@pbx.example`: the whole address, where that is who calls. */
  readonly address?: string;
  readonly evidence: CallerEvidence;
}

/** Which calls are not taken for what their network found: none, those that failed, all but those that passed. */
export const VALIDATION_POLICIES = ['ignore', 'refuse-failed', 'require-passed'] as const;
export type ValidationPolicy = (typeof VALIDATION_POLICIES)[number];

export function isRefused({ validation }: CallerEvidence, policy: ValidationPolicy): boolean {
  if (policy === 'ignore') return false;
  return policy === 'require-passed' ? validation !== 'passed' : validation === 'failed';
}
