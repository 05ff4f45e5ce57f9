/** Where a call of this server goes: to a real gateway, or to the built-in proxy, which proves nothing about the world. */
export type Network = 'gateway' | 'local-proxy';

/** Under what a code was sent: kept with the verification, because settings may change before a receipt is asked for. */
export interface Terms {
  readonly network: Network;
  /** So many digits that were only ever spoken had to be pressed before the code was spoken or accepted; 0: no gate. */
  readonly gateDigits: number;
  readonly codeLength: number;
}

/** Where the person calls there is no gate: whoever calls is there. */
export function termsOf(
  { gateDigits, codeLength }: Pick<Terms, 'gateDigits' | 'codeLength'>,
  { network, dialIn }: { readonly network: Network; readonly dialIn?: string | undefined },
): Terms {
  return { network, gateDigits: dialIn === undefined ? gateDigits : 0, codeLength };
}

/** What a payer approves by the code (PSD2 RTS Art. 5); another amount or payee needs another verification. */
export interface Transaction {
  /** A decimal number and an ISO 4217 currency: `49.90 EUR`. */
  readonly amount: string;
  readonly payee: string;
}
