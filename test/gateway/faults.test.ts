import { it } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { World } from './world.ts';

const LONG = 120_000;
const REFUSED = { status: 503, code: 'telephony_unavailable' };

describeWith(['kamailio', 'rtpengine'], 'when something breaks', () => {
  it.concurrent(
    'a call whose media relay dies under it ends instead of hanging',
    async (context) => {
      const { expect } = context; // expect.poll has to know its test among those that run beside it
      const world = await World.of(context);
      const { person, end } = await world.call('keypad');
      await person.hears('greeting');
      await world.bed.killRtpengine();
      expect(await end()).toMatchObject({ status: 'failed', call: { state: 'ended', outcome: 'media-failed' } });
      expect(await person.call.ended).toBe('far-bye');
    },
    LONG,
  );

  it.concurrent(
    'a killed voice server ends its call with a clear outcome',
    async (context) => {
      const { expect } = context;
      const world = await World.of(context);
      const { person, end } = await world.call('keypad');
      await person.hears('greeting');
      await world.product.killVoiceServer();
      expect(await end()).toMatchObject({ status: 'failed', call: { state: 'ended', outcome: 'media-failed' } });
    },
    LONG,
  );

  it.concurrent(
    'a killed voice server is started again, and calls',
    async (context) => {
      const { expect } = context;
      const world = await World.of(context);
      await world.product.killVoiceServer();
      await expect.poll(async () => (await world.product.readiness()).status).toBe(503);
      await expect.poll(async () => (await world.product.readiness()).status, { timeout: 30_000 }).toBe(200);
      const { person } = await world.call('keypad');
      expect(await person.hears('greeting')).toBe('greeting');
    },
    LONG,
  );

  it.concurrent(
    'a call goes on when the trunk’s signalling dies under it, and is verified by keys in its media',
    async (context) => {
      const { expect } = context;
      const world = await World.of(context);
      const { created, person, end } = await world.call('keypad');
      await person.passesTheGate('telephone-event');
      await world.bed.kamailio.kill();
      await person.hears('keypad-ask');
      await person.keys(created.code ?? '', 'telephone-event');
      await person.hears('verdict-verified');
      expect(await end()).toMatchObject({ status: 'verified' });
    },
    LONG,
  );

  it.concurrent(
    'registers again by itself when the WebSocket was dropped and is back',
    async (context) => {
      const { expect } = context;
      const world = await World.of(context);
      await world.bed.kamailio.kill();
      await expect.poll(async () => (await world.product.readiness()).status, { timeout: 30_000 }).toBe(503);
      await world.bed.kamailio.restart();
      await expect.poll(async () => (await world.product.readiness()).status, { timeout: 60_000 }).toBe(200);
      const { person } = await world.call('keypad');
      expect(await person.hears('greeting')).toBe('greeting');
    },
    LONG,
  );

  it.concurrent(
    'a call without a media relay ends instead of hanging',
    async (context) => {
      const { expect } = context;
      const world = await World.of(context);
      await world.bed.killRtpengine();
      const { number } = world.bed.newLine();
      const created = await world.product.create(number, 'keypad');
      const end = (await world.product.toTheEnd(created.id)).at(-1);
      expect(end).toMatchObject({ status: 'failed', call: { state: 'ended', outcome: 'trunk-unavailable' } });
    },
    LONG,
  );

  it.concurrent(
    'calls through a trunk that has one realm for registrations and another for calls',
    async (context) => {
      const { expect } = context;
      const world = await World.of(context, {
        account: { registerRealm: 'users.example', callRealm: 'calls.example' },
      });
      const { person } = await world.call('keypad');
      expect(person.call.caller).toContain('+12025550100'); // RINGPROOF_CALLER_ID
    },
    LONG,
  );

  it.concurrent(
    'a trunk that refuses the account leaves a server that says so and takes no verifications',
    async (context) => {
      const { expect } = context;
      const world = await World.of(context, {
        env: { RINGPROOF_SIP_PASSWORD: 'not the password' },
        until: 'listening',
      });
      await expect
        .poll(async () => world.product.readiness(), { timeout: 30_000 })
        .toMatchObject({ status: 503, text: expect.stringContaining('trunk-refused') });
      expect(await world.product.refused('+12025550123', 'keypad')).toMatchObject(REFUSED);
    },
    LONG,
  );

  it.concurrent(
    'a trunk that cannot be reached leaves a server that says so and takes no verifications',
    async (context) => {
      const { expect } = context;
      const world = await World.of(context, {
        env: { RINGPROOF_SIP_URL: 'ws://127.0.0.1:9' }, // discard: nobody listens
        until: 'listening',
      });
      await expect
        .poll(async () => world.product.readiness(), { timeout: 30_000 })
        .toMatchObject({ status: 503, text: expect.stringContaining('trunk-unreachable') });
      expect(await world.product.refused('+12025550123', 'keypad')).toMatchObject(REFUSED);
    },
    LONG,
  );
});
