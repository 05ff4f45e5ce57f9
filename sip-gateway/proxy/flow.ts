/** One client's connection as the routing sees it: the flow of RFC 5626. */
export interface Flow {
  /** Unguessable, never used twice. */
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly isOpen: boolean;
  /** What cannot be sent any more is lost; never throws. */
  send(message: Uint8Array): void;
  /** Harmless when called twice. */
  close(code: number, reason: string): void;
  /** Ends it without a goodbye, as a network that fails. */
  drop(): void;
}
