import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProxy, type Proxy } from '../../../sip-gateway/proxy/proxy.ts';
import { RawClient, sip, statusOf } from './support/raw-client.ts';
import { tortureMessages } from './torture/messages.ts';

/** `ignored`: no answer, and the connection goes on. `cut`: nothing an answer could be made of (close code 1002). */
type Fate = number | 'ignored' | 'cut';

/**
 * What becomes of each on a proxy that serves example.com, where nobody is registered but by the message itself. 400
 * where the RFC calls a message invalid; 404 and 480 where a user is not known or not there: the message was read.
 */
const FATES: Readonly<Record<string, Fate>> = {
  // Well-formed, but its first Via is of RFC 2543, which nobody speaks over WebSocket: docs/proxy.md.
  wsinv: 400,
  intmeth: 405,
  esc01: 404,
  escnull: 200,
  // RE%47IST%45R is not REGISTER.
  esc02: 405,
  lwsdisp: 404,
  longreq: 400,
  // One frame is one message (RFC 7118 §5): the INVITE behind it is thrown away.
  dblreq: 200,
  semiuri: 404,
  transports: 404,
  mpart01: 404,
  unreason: 'ignored',
  noreason: 'ignored',
  badinv01: 'cut',
  clerr: 400,
  ncl: 400,
  scalar02: 400,
  scalarlg: 'ignored',
  quotbal: 400,
  ltgtruri: 400,
  lwsruri: 400,
  lwsstart: 400,
  trws: 400,
  // The RFC leaves both open: to refuse it, or to leave out the header of the URI.
  escruri: 404,
  // A proxy does not read the date.
  baddate: 404,
  regbadct: 400,
  badaspec: 400,
  // Names that should be quoted do no harm here.
  baddn: 404,
  badvers: 505,
  mismatch01: 400,
  mismatch02: 400,
  bigcode: 'cut',
  badbranch: 400,
  insuf: 'cut',
  unkscm: 416,
  novelsc: 416,
  unksm2: 400,
  bext01: 420,
  invut: 404,
  regaut01: 200,
  multi01: 400,
  mcl01: 400,
  bcast: 'ignored',
  zeromf: 483,
  cparam01: 200,
  cparam02: 200,
  regescrt: 200,
  sdp01: 404,
  inv2543: 400,
};

const MESSAGES = tortureMessages();

describe('A torture message of RFC 4475', () => {
  let proxy: Proxy;
  let url: string;

  beforeEach(async () => {
    proxy = createProxy({ domain: 'example.com', clock: Date.now });
    url = await proxy.listen({ port: 0 });
  });

  afterEach(async () => {
    await proxy.close();
  });

  it('is here for each of the 49', () => {
    expect(MESSAGES.map(({ name }) => name)).toEqual(Object.keys(FATES));
  });

  it.each(MESSAGES.map((each) => [`§${each.section} ${each.name}`, each] as const))(
    '%s meets the fate that the table says',
    async (_title, { name, bytes }) => {
      const client = await RawClient.connect(url);
      expect(await fateOf(client, bytes)).toBe(FATES[name]);
      client.close();
    },
  );

  it('does no harm to the next client, all of them together', async () => {
    const client = await RawClient.connect(url);
    client.webSocket.on('close', () => {});
    for (const { bytes } of MESSAGES) client.send(bytes);
    const next = await RawClient.connect(url);
    expect(await next.ask(probe())).toBe(200);
    for (const each of [client, next]) each.close();
  });
});

function probe(): string {
  return sip('OPTIONS', { uri: 'sip:example.com', from: 'sip:probe@example.com', callId: 'probe' });
}

/** Messages of one connection are taken in order: the answer to a probe says that there was none before. */
async function fateOf(client: RawClient, bytes: Buffer): Promise<Fate> {
  const cut = client.closed().then((): Fate => 'cut');
  client.send(bytes);
  client.send(probe());
  const first = client
    .next()
    .then((answer): Fate => (answer.includes('Call-ID: probe') ? 'ignored' : statusOf(answer)));
  return Promise.race([first, cut]);
}
