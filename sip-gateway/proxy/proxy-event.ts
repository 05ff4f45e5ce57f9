/** What an observer is told, for logs: never a body, never a whole number. */
export type ProxyEvent =
  | { readonly type: 'connected' | 'disconnected'; readonly address: string; readonly flow: string }
  | { readonly type: 'refused'; readonly address: string; readonly reason: string }
  | { readonly type: 'malformed'; readonly flow: string; readonly reason: string }
  | { readonly type: 'registered' | 'unregistered'; readonly flow: string; readonly user: string }
  | { readonly type: 'request'; readonly flow: string; readonly method: string; readonly to: string }
  | { readonly type: 'response'; readonly flow: string; readonly method: string; readonly status: number };

export type ProxyObserver = (event: ProxyEvent) => void;

/** The last two digits of a number or extension; names such as the agent's in full. */
export function maskUser(user: string): string {
  if (!/\d/.test(user)) return user;
  return user.length > 2 ? `…${user.slice(-2)}` : '…';
}

/** For connections in events: enough to tell them apart, too little to guess a token with. */
export function shortFlow(id: string): string {
  return id.slice(0, 4);
}
