import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';

/**
 * Whose X-Forwarded-For is believed: so many proxies in front of this server, or the proxies of these addresses and
 * networks. Believing one more than there are lets every visitor choose an address.
 */
export type TrustedProxies = { readonly hops: number } | { readonly networks: readonly string[] };

/** The address that a request came from, as far as the operator's own proxies can tell. */
export function addressReader(trusted: TrustedProxies): (request: IncomingMessage) => string {
  // Nobody is believed, and there is nothing to read.
  if ('hops' in trusted && trusted.hops === 0) return socketAddress;
  const trust =
    'hops' in trusted
      ? (_address: string, hop: number): boolean => hop < trusted.hops
      : proxyAddr.compile([...trusted.networks]);
  return (request) => {
    try {
      return proxyAddr(request, trust);
    } catch {
      // A proxy that is believed wrote something that is no address.
      return socketAddress(request);
    }
  };
}

function socketAddress({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? '';
}
