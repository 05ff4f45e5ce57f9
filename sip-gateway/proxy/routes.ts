import type { FlowTarget, FlowTokens } from './flow-token.ts';
import { readNameAddr } from './name-addr.ts';
import { header, headerOf, withoutTop, withTop, type SipRequest } from './sip-message.ts';
import { readSipUri } from './sip-uri.ts';

/** The Route and Record-Route header fields of one proxy (RFC 3261 §16.4, §16.6 step 4; RFC 5626 §5). */
export class Routes {
  readonly #domain: string;
  readonly #tokens: FlowTokens;

  constructor(domain: string, tokens: FlowTokens) {
    this.#domain = domain;
    this.#tokens = tokens;
  }

  /**
   * Two entries, one for each side: a request from either carries both, its own first, so that the last of ours
   * names where it has to go, whichever connection it comes in on.
   */
  record(request: SipRequest, [caller, callee]: readonly [FlowTarget, FlowTarget]): SipRequest {
    return withTop(request, header('Record-Route', this.#entry(callee)), header('Record-Route', this.#entry(caller)));
  }

  /** Takes our own entries off the top; `passed` are those that held a good token, the target last. */
  strip(request: SipRequest): { readonly request: SipRequest; readonly passed: readonly FlowTarget[] } {
    const passed: FlowTarget[] = [];
    let left = request;
    for (;;) {
      const top = headerOf(left, 'route');
      const address = top === undefined ? undefined : readNameAddr(top);
      const uri = address === undefined ? undefined : readSipUri(address.uri);
      if (uri?.host !== this.#domain) return { request: left, passed };
      const target = this.#tokens.read(uri.user);
      if (target) passed.push(target);
      left = withoutTop(left, 'route');
    }
  }

  #entry(target: FlowTarget): string {
    return `<sip:${this.#tokens.write(target)}@${this.#domain};transport=ws;lr>`;
  }
}
