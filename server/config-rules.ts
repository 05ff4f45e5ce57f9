import { isIP } from 'node:net';
import { NUMBER_TYPES, type NumberTypeName } from './rules/number-types.ts';

export function readNumberTypes(text: string): readonly NumberTypeName[] | undefined {
  if (text.trim().toLowerCase() === 'none') return [];
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  const known = names.filter(isNumberType);
  return known.length === names.length ? known : undefined;
}

function isNumberType(name: string): name is NumberTypeName {
  return Object.hasOwn(NUMBER_TYPES, name);
}

const MICROS = 1_000_000;

/** An amount of money, in millionths. */
export function readMicros(text: string): number | undefined {
  return /^\d{1,9}(\.\d{1,6})?$/.test(text.trim()) ? Math.round(Number(text) * MICROS) : undefined;
}

type TrustedProxies = { readonly hops: number } | { readonly networks: readonly string[] };

/** A count of proxies, or where they are. */
export function readTrustedProxies(text: string): TrustedProxies | undefined {
  if (/^\d{1,2}$/.test(text.trim())) return { hops: Number(text) };
  const networks = text.split(',').map((part) => part.trim());
  return networks.every(isNetwork) ? { networks } : undefined;
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  return version !== 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
}
