import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';

/**
 * Whose X-Forwarded-For is believed: so many proxies in front of this server, or the proxies of these addresses and
 * networks. Believing one more than there are lets every visitor choose an address.
 */
export type TrustedProxies = { readonly hops: number } | { readonly networks: readonly string[] };

type AddressReader = (request: IncomingMessage) => string;

/**
 * The address that a request came from, as far as the operator's own proxies can tell.
 * @param onUnnamed told once of a request through a proxy, where no proxy is named
 */
export function addressReader(trusted: TrustedProxies, onUnnamed: () => void = () => {}): AddressReader {
  // Nobody is believed, and there is nothing to read.
  if ('hops' in trusted && trusted.hops === 0) return noticingProxies(onUnnamed);
  const trust =
    'hops' in trusted
      ? (_address: string, hop: number): boolean => hop < trusted.hops
      : proxyAddr.compile([...trusted.networks]);
  return (request) => {
    // From the nearest to the farthest, as far as somebody who is believed tells.
    let nearest = socketAddress(request);
    for (const [hop, written] of proxyAddr.all(request).entries()) {
      const address = bare(written);
      // A proxy that is believed wrote something that is no address: everyone behind it is one.
      if (isIP(address) === 0) return nearest;
      nearest = address;
      if (!trust(address, hop)) break;
    }
    return nearest;
  };
}

/** All who come through a proxy that nobody has named have one address: its own. */
function noticingProxies(tell: () => void): AddressReader {
  let hasTold = false;
  return (request) => {
    if (!hasTold && request.headers['x-forwarded-for'] !== undefined) {
      hasTold = true;
      tell();
    }
    return socketAddress(request);
  };
}

function socketAddress({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? '';
}

/** Some proxies write the port as well: a request that comes on a new port must not be a new visitor. */
function bare(written: string): string {
  const { v6, v4 } = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>\d+(?:\.\d+){3}))(?::\d{1,5})?$/.exec(written)?.groups ?? {};
  return v6 ?? v4 ?? written;
}
