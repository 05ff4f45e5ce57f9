/** Numbers that are policy; docs/policy.md has where each comes from. Times in milliseconds. */
export interface VerificationPolicy {
  readonly codeLength: number;
  /** How long a code is good; never above MAX_CODE_TTL. */
  readonly codeTtl: number;
  readonly wrongCodes: number;
  /** How many spoken digits the gate asks for; 0: there is no gate. */
  readonly gateDigits: number;
  /** The digit by which a phone holder says "that was not me"; absent: there is none. */
  readonly reportKey?: string;
  /** The voice server has a speech engine for names; without one it spells them. */
  readonly speaksNames: boolean;
  /** From the last key of an extension to the first word. */
  readonly extensionWait: number;
  /** How long a finished verification is remembered. */
  readonly retention: number;
}

/** NIST SP 800-63B §5.1.3.2: an out-of-band secret is invalid after 10 minutes. */
export const MAX_CODE_TTL = 600_000;

export const DEFAULT_POLICY: VerificationPolicy = {
  codeLength: 6,
  codeTtl: MAX_CODE_TTL,
  wrongCodes: 5,
  gateDigits: 1,
  extensionWait: 3_000,
  speaksNames: false,
  retention: 24 * 3_600_000,
};
