import ipaddr from 'ipaddr.js';

/** RFC 4291 §2.4: what has been handed out so far. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an address is one of the open Internet: not of this machine, not of a private network, not link-local, not
 * one that stands for another address (mapped, NAT64, 6to4, Teredo), not reserved.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // An IPv4-mapped IPv6 address is the IPv4 address to the system.
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_IPV6);
}
