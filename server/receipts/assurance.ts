import type { CallerEvidence } from '../verification/caller.ts';
import type { Verification } from '../verification/verification.ts';

/** What a receipt honestly says about its own worth. */
export interface Assurance {
  /** Somebody who sees the page and somebody who holds the phone acted together; nothing about who they are. */
  readonly proves: 'attended-number';
  /** `test`: the call never left the built-in proxy. */
  readonly network: 'telephone' | 'sip' | 'extension' | 'test';
  /** Digits that were only ever spoken had to be pressed: no voicemail can, and recorded tones have to guess. */
  readonly gate: boolean;
  /** How many: of one, a guess is right once in nine askings, of two once in 81 (docs/gate.md); 0 without a gate. */
  readonly gateDigits: number;
  /** The code was keyed as regularly as only a machine does: a dialler of the phone holder's, or a recording. */
  readonly machineRegularKeys: boolean;
  /**
   * Only of `dial-in`: the call came from outside, and its number is what it showed. What others said of that number;
   * nothing of it was verified here (docs/adr/0015).
   */
  readonly caller?: CallerEvidence;
  /** Only with a transaction: dynamic linking, PSD2 RTS (EU 2018/389) Art. 5(1). */
  readonly dynamicLinking?: {
    /** (a) The call said amount and payee to the end, and only then a code was spoken or accepted. */
    readonly payerToldOnTheCall: boolean;
    /** (b), (d) The code was made for this amount and payee, and is good for no other. */
    readonly codeIsSpecific: boolean;
  };
  readonly sp80063b: {
    /**
     * `no`: by the letter of the standard this was no out-of-band authentication; `why` says what is missing.
     * `conditional`: the conditions that we can see held; those of `relyingPartyEnsures` we cannot see.
     */
    readonly outOfBand: 'no' | 'conditional';
    readonly why: readonly string[];
    readonly conditions: {
      readonly secretWentFromVerifierToPhone: boolean;
      readonly atLeastSixRandomDigits: boolean;
      readonly validTenMinutesAtMost: boolean;
      readonly usedOnce: boolean;
      readonly wrongCodesLimited: boolean;
    };
    /** Authentication over the telephone network is restricted (SP 800-63B §5.1.3.3, §5.2.10). */
    readonly restricted: boolean;
    readonly relyingPartyEnsures: readonly string[];
  };
}

const SIX_DIGITS = 6;
const TEN_MINUTES = 600_000;

export function assuranceOf(verification: Verification): Assurance {
  const { method, terms, call, transaction, createdAt, settledAt = createdAt } = verification;
  const network = networkOf(verification);
  const gateDigits = terms?.gateDigits ?? 0;
  const conditions = {
    // §5.1.3.1: over the telephone network a secret may only travel towards the phone.
    secretWentFromVerifierToPhone: method === 'spoken',
    atLeastSixRandomDigits: (terms?.codeLength ?? 0) >= SIX_DIGITS,
    validTenMinutesAtMost: settledAt - createdAt <= TEN_MINUTES,
    usedOnce: true,
    wrongCodesLimited: true,
  };
  const why = [
    ...(conditions.secretWentFromVerifierToPhone ? [] : ['the secret was keyed on the phone, not received there']),
    ...(conditions.atLeastSixRandomDigits ? [] : ['the code had fewer than six digits']),
    ...(network === 'telephone' ? [] : [`the call went over: ${network}`]),
    ...(method === 'dial-in' ? ['the number is the one that the caller showed, it was not rung'] : []),
  ];
  const outOfBand = why.length === 0 ? 'conditional' : 'no';
  return {
    proves: 'attended-number',
    network,
    gate: gateDigits > 0,
    gateDigits,
    machineRegularKeys: call.keyTiming === 'machine-regular',
    ...(call.caller && { caller: { ...call.caller } }),
    ...(transaction && {
      dynamicLinking: { payerToldOnTheCall: call.transactionSpoken ?? false, codeIsSpecific: true },
    }),
    sp80063b: {
      outOfBand,
      why,
      conditions,
      restricted: network === 'telephone',
      relyingPartyEnsures: outOfBand === 'no' ? [] : RELYING_PARTY_ENSURES,
    },
  };
}

/** What nobody can see from a telephone call. */
const RELYING_PARTY_ENSURES = [
  'the number was bound to the account before',
  'the number is not a VoIP number',
  'an authenticator that is not restricted is offered too',
  'the number was not lately moved to another SIM or carrier',
];

function networkOf({ to, terms }: Verification): Assurance['network'] {
  if (terms?.network !== 'gateway') return 'test';
  if (to.startsWith('sip')) return 'sip';
  return to.startsWith('+') ? 'telephone' : 'extension';
}
