import { createSocket } from 'node:dgram';

/** Sends one datagram to a loopback port and gives the first answer, or nothing when none comes in time. */
export async function askUdp(port: number, question: string, within = 200): Promise<string | undefined> {
  const socket = createSocket('udp4');
  try {
    return await new Promise<string | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), within);
      const done = (answer: string | undefined): void => {
        clearTimeout(timer);
        resolve(answer);
      };
      socket.once('message', (message) => done(message.toString()));
      // A port that nobody listens on answers at once (ICMP); the pause keeps the caller's loop from spinning.
      socket.once('error', () => undefined);
      socket.connect(port, '127.0.0.1', () => socket.send(question));
    });
  } finally {
    socket.close();
  }
}
