import { isIPv6 } from 'node:net';

/**
 * The address that calls are counted under. One household or one rented machine has a whole /64 of IPv6 (RFC 6177),
 * so an address of it is no more than a digit that its owner may choose.
 */
export function addressKey(address: string): string {
  const [bare = ''] = address.toLowerCase().split('%');
  if (!isIPv6(bare)) return bare;
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare) ?? [];
  if (mapped !== undefined) return mapped;
  // URL writes every IPv6 address in one way (WHATWG URL, RFC 5952), an embedded IPv4 address included.
  const { hostname } = new URL(`http://[${bare}]/`);
  const groups = groupsOf(hostname.slice(1, -1));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xff_ff) return dotted(groups);
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

const GROUPS = 8;

function groupsOf(compressed: string): readonly number[] {
  const [head = '', tail] = compressed.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: GROUPS - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
}

/** `::ffff:c000:201` is 192.0.2.1 (RFC 4291 §2.5.5.2). */
function dotted(groups: readonly number[]): string {
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}
