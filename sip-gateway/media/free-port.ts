import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { MediaPeerOptions } from './media-engine.ts';

type Place = Pick<MediaPeerOptions, 'address' | 'ports'>;

/** No socket for a call's media can be had; the message names what was asked for. */
class NoPortError extends Error {
  override readonly name = 'NoPortError';
}

/**
 * Calls `use` once it is certain that a UDP socket can be bound at this place, in the very moment in which it is: no
 * other call of this process comes in between. Also where any port will do: there may be no descriptor left. libdatachannel ends the process where it cannot bind one.
 *
 * @throws NoPortError
 */
export async function withFreePort(place: Place, use: () => void): Promise<void> {
  if (!place.ports) return findAndUse(place, use);
  const mine = turn.then(async () => findAndUse(place, use));
  turn = mine.catch(() => {});
  return mine;
}

/** One at a time in a range: of two that look for its last port, one would find that of the other's look taken. */
let turn: Promise<void> = Promise.resolve();

async function findAndUse(place: Place, use: () => void): Promise<void> {
  for (const port of candidates(place)) if (await bindThenUse(place, port, use)) return;
  const { from, to } = place.ports ?? { from: 0, to: 0 };
  throw new NoPortError(`no UDP port from ${from} to ${to} is free for the media of another call`);
}

/** From a random one on, as busy ranges are full of calls at their beginning. */
function candidates({ ports }: Place): readonly number[] {
  if (!ports) return [0];
  const size = ports.to - ports.from + 1;
  const start = randomInt(size);
  return Array.from({ length: size }, (_, step) => ports.from + ((start + step) % size));
}

async function bindThenUse({ address }: Place, port: number, use: () => void): Promise<boolean> {
  const socket = createSocket(address !== undefined && isIPv6(address) ? 'udp6' : 'udp4');
  try {
    socket.bind({ port, ...(address !== undefined && { address }), exclusive: true });
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (port !== 0 && (code === 'EADDRINUSE' || code === 'EACCES')) return false;
    throw new NoPortError(`no UDP socket can be bound to ${address ?? 'this machine'} for media: ${code}`);
  }
  socket.close();
  use();
  return true;
}
