import type { CallRoute } from '../verification/ports.ts';
import type { TrunkConfig } from './messages.ts';

type Carrier = Pick<TrunkConfig, 'name' | 'prefixes'>;

/**
 * The trunks that may carry a call, the best first: those whose prefix fits longest, then in their own order. One
 * without prefixes carries everything, and comes after all that know the number better. With a trunk of its own a
 * call takes that one or none.
 */
export function trunksFor<Trunk extends Carrier>(
  { to, trunk: only }: CallRoute,
  trunks: readonly Trunk[],
): readonly Trunk[] {
  return trunks
    .filter(({ name }) => only === undefined || name === only)
    .map((trunk) => ({ trunk, fit: fitOf(to, trunk) }))
    .filter(({ fit }) => fit !== undefined)
    .toSorted((a, b) => (b.fit ?? 0) - (a.fit ?? 0))
    .map(({ trunk }) => trunk);
}

/** How long the longest prefix that fits is; undefined where none does. */
function fitOf(to: string, { prefixes }: Carrier): number | undefined {
  if (prefixes === undefined) return 0;
  const lengths = prefixes.filter((prefix) => to.toLowerCase().startsWith(prefix)).map(({ length }) => length);
  return lengths.length === 0 ? undefined : Math.max(...lengths);
}
