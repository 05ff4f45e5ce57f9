/** Between the bench and the process that it measures. */
export type FromTarget =
  | { readonly type: 'listening'; readonly port: number; readonly made: readonly Made[] }
  /** What the process has used since it was last asked. */
  | { readonly type: 'cpu'; readonly milliseconds: number }
  | { readonly type: 'forgotten' };

export type ToTarget = { readonly type: 'cpu' } | { readonly type: 'forget' } | { readonly type: 'stop' };

/** A live verification, and what opens it. */
export interface Made {
  readonly id: string;
  readonly token: string;
}

/** A server that is measured. */
export interface Target {
  readonly port: number;
  readonly made: readonly Made[];
  /** Ends and forgets what was created over HTTP. */
  forget(): Promise<void>;
  close(): Promise<void>;
}
