import type { Flow } from './flow.ts';
import type { Header, SipRequest } from './sip-message.ts';

/** A request and the connection it came on. */
export interface Incoming {
  readonly flow: Flow;
  readonly request: SipRequest;
}

/** The statuses that the proxy gives by itself. */
export type OwnStatus =
  | 100
  | 180
  | 200
  | 400
  | 401
  | 403
  | 404
  | 405
  | 407
  | 408
  | 416
  | 420
  | 422
  | 423
  | 480
  | 481
  | 482
  | 483
  | 486
  | 487
  | 500
  | 503
  | 505
  | 603;

/** What the proxy answers by itself. */
export interface OwnAnswer {
  readonly status: OwnStatus;
  readonly reason?: string;
  readonly headers?: readonly Header[];
}
