/** Where ports are handed out by nobody by chance (below 32768), and where other runs on this machine look elsewhere. */
const FIRST = 10_000;
const SIZE = 10;
const RANGES = 900;

let taken = 0;

/** `size` UDP ports, at most ten, that no other test of this run takes. */
export function portRange(size: number): { readonly from: number; readonly to: number } {
  // Workers follow each other closely by their ids.
  const from = FIRST + ((process.pid * 13 + taken) % RANGES) * SIZE;
  taken += 1;
  return { from, to: from + size - 1 };
}
