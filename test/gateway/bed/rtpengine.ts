import { askUdp } from './ask-udp.ts';
import type { PortBlock } from './port-block.ts';
import { Program } from './program.ts';

/** rtpengine in user space, on loopback, with no configuration but this. */
export async function startRtpengine(ports: PortBlock): Promise<Program> {
  const program = new Program('rtpengine', [
    'rtpengine',
    '--config-file=none',
    '--foreground',
    '--log-stderr',
    '--log-level=5',
    '--table=-1', // no kernel module
    '--interface=127.0.0.1',
    `--listen-ng=127.0.0.1:${ports.ng}`,
    `--port-min=${ports.relayMedia.from}`,
    `--port-max=${ports.relayMedia.to}`,
    '--num-threads=2',
    '--delete-delay=0', // its default keeps the ports of a call that is over for 30 s
    '--timeout=60',
  ]);
  await program.ready(() => answersPing(ports.ng));
  return program;
}

/** The ng protocol: a cookie, a space, a bencoded dictionary. */
async function answersPing(port: number): Promise<boolean> {
  const answer = await askUdp(port, 'bed d7:command4:pinge');
  return answer?.includes('6:result4:pong') ?? false;
}
