/** The voice server's process: started by the web server, it speaks server/telephony/messages.ts on its IPC channel. */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { FromGateway, GatewayConfig, ToGateway, TrunkConfig } from '../server/telephony/messages.ts';
import { faultFields } from './calls/fault-fields.ts';
import { VoiceServer } from './calls/voice-server.ts';

/** sysexits.h */
const EX_SOFTWARE = 70;
const EX_CONFIG = 78;

let starting: Promise<VoiceServer | undefined> | undefined;
let running: VoiceServer | undefined;
let leaving = false;

function send(message: FromGateway): void {
  if (process.connected) process.send?.(message, undefined, {}, () => {});
}

/** Ends the process once the last message is out. */
function leave(code: number, last?: FromGateway): void {
  if (!process.connected || !last) process.exit(code);
  process.send?.(last, undefined, {}, () => process.exit(code));
}

async function start(config: GatewayConfig): Promise<VoiceServer | undefined> {
  try {
    return await VoiceServer.start({ config, instanceId, send, now: Date.now });
  } catch (error) {
    leave(EX_CONFIG, { type: 'fatal', message: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}

/** The same after each restart on this machine, and another for another trunk: a UUID made from all their names. */
function instanceId({ name, uri, url }: TrunkConfig): string {
  const hash = createHash('sha256').update(`${hostname()} ${name} ${uri} ${url}`).digest('hex');
  return hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

async function shutDown(): Promise<void> {
  if (leaving) return;
  leaving = true;
  await (await starting)?.close();
  leave(0);
}

async function receive(message: ToGateway): Promise<void> {
  if (message.type === 'configure') {
    starting ??= start(message.config);
    running = await starting;
    return;
  }
  if (message.type === 'shut-down') {
    await shutDown();
    return;
  }
  // Messages keep their order: none is handled before the ones that waited for the start.
  if (!running) await starting;
  running?.receive(message);
}

// A fault that nobody foresaw: this process is replaced, the web server ends its calls with a clear outcome.
process.on('uncaughtException', (error) => {
  leave(EX_SOFTWARE, { type: 'log', level: 'error', event: 'gateway.crashed', fields: faultFields(error) });
});
// JsSIP's promises belong to one call each, and every phase of a call has its limit: the others go on.
process.on('unhandledRejection', (reason) => {
  send({ type: 'log', level: 'error', event: 'gateway.fault', fields: faultFields(reason) });
});
process.on('message', (message: ToGateway) => void receive(message));
// The web server is gone: nobody can be told of the calls any more.
process.on('disconnect', () => void shutDown());
process.on('SIGTERM', () => void shutDown());
// A terminal sends ^C to both processes; the web server says when to stop.
process.on('SIGINT', () => {});
