/** The phones' process: a trunk that answers every call itself, at the end of which the agent's calls arrive. */
import { once } from 'node:events';
import { WebSocketServer, type WebSocket } from 'ws';
import { Ledger } from './ear.ts';
import type { CallTimes, FromPhones, PhoneManner, ToPhones } from './messages.ts';
import { PlainPhone } from './plain-phone.ts';
import { headerOf, methodOf, reply } from './plain-sip.ts';
import { VoiceClock } from './voice.ts';

const calls = new Map<string, PlainPhone>();
const clock = new VoiceClock();
let manner: PhoneManner = { keys: 'info', talks: false, listenToEach: 1 };
let ledger = new Ledger();
let times: CallTimes[] = [];
let rung = 0;

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'sip' });
server.on('connection', (socket) => {
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') receive(data, socket);
  });
  socket.on('error', () => {});
});
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('the phones are not listening');
tell({ type: 'listening', url: `ws://127.0.0.1:${address.port}` });

process.on('message', (message: ToPhones) => {
  if (message.type === 'stop') process.exit(0);
  if (message.type === 'report') {
    tell({ type: 'measured', measured: ledger.measured, times });
    return;
  }
  manner = message.manner;
  ledger = new Ledger();
  times = [];
  rung = 0;
});
process.on('disconnect', () => process.exit(0));

function receive(message: string, socket: WebSocket): void {
  const callId = headerOf(message, 'Call-ID');
  switch (methodOf(message)) {
    case 'REGISTER':
      socket.send(reply(message, '200 OK', { headers: [`Contact: ${headerOf(message, 'Contact')};expires=600`] }));
      return;
    case 'INVITE': {
      const known = calls.get(callId);
      if (known) {
        void known.offered(message);
        return;
      }
      rung += 1;
      socket.send(reply(message, '100 Trying'));
      const listens = rung % manner.listenToEach === 0;
      calls.set(
        callId,
        new PlainPhone({
          invite: message,
          manner,
          clock,
          ledger: listens ? ledger : undefined,
          send: (text) => socket.send(text),
        }),
      );
      return;
    }
    case 'BYE':
      socket.send(reply(message, '200 OK'));
      hungUp(callId);
      return;
    default: // ACK, and the answers to our INFO
  }
}

function hungUp(callId: string): void {
  const call = calls.get(callId);
  calls.delete(callId);
  if (call?.times) times.push(call.times);
  call?.close();
}

function tell(message: FromPhones): void {
  process.send?.(message);
}
