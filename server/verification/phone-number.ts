/** Which destinations may be verified and how they are written; the operator's dialling plan. */
export interface NumberPlan {
  /**
   * Normalises what a person typed: E.164 in any common notation (`+1 (202) 555-0123`, `001 202…`, national
   * with the default country), a SIP URI of an allowed domain, a bare extension where allowed.
   * @throws VerificationError `invalid_number` or `number_not_allowed` with field `/to`.
   */
  normalise(typed: string): string;
}
