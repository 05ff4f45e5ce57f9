import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';
import { describe, expect, it, vi } from 'vitest';
import type { VerificationView } from '../../../server/http/contract.ts';
import { requestOf, startApi, type Asked } from './api-server.ts';

async function listen(url: string, id: string, asked: Asked) {
  const response = await fetch(`${url}/v1/verifications/${id}/events`, requestOf(asked));
  const parsed = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  const reader = parsed?.getReader();
  return {
    response,
    next: async (): Promise<EventSourceMessage | undefined> => (await reader?.read())?.value,
    rest: async (): Promise<EventSourceMessage[]> => {
      const events: EventSourceMessage[] = [];
      for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) events.push(read.value);
      return events;
    },
    leave: async () => reader?.cancel(),
  };
}

const viewIn = (event: EventSourceMessage | undefined): VerificationView => JSON.parse(event?.data ?? 'null');
const stepIn = (event: EventSourceMessage): string => {
  const { status, call } = viewIn(event);
  return `${status} ${call.state}`;
};

describe('GET /v1/verifications/:id/events', () => {
  it('starts with the current view', async () => {
    const { url, create } = await startApi();
    const { id, token } = await create();
    const { response, next } = await listen(url, id, { token });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(await next()).toMatchObject({ event: 'verification', id: '0' });
  });

  it('shows every step of the call as it happens, and ends with it', async () => {
    const { url, create, telephony } = await startApi();
    const { id, token, code } = await create();
    const { rest } = await listen(url, id, { token });
    for (const state of ['dialing', 'ringing', 'answered', 'gate', 'collecting'] as const) {
      telephony.last.progress(state);
    }
    telephony.last.progress('collecting', 1);
    await telephony.last.key(code ?? '');
    telephony.last.progress('verdict');
    telephony.last.end('completed', { codeDelivered: true });
    expect((await rest()).map(stepIn)).toEqual([
      'pending queued',
      'pending dialing',
      'pending ringing',
      'pending answered',
      'pending gate',
      'pending collecting',
      'pending collecting',
      'verified collecting',
      'verified verdict',
      'verified ended',
    ]);
  });

  it('resumes where the reader stopped', async () => {
    const { url, create, telephony } = await startApi();
    const { id, token } = await create();
    const first = await listen(url, id, { token });
    await first.next();
    telephony.last.progress('dialing');
    const seen = await first.next();
    await first.leave();
    telephony.last.progress('ringing');
    telephony.last.progress('answered');
    const again = await listen(url, id, { token, headers: { 'last-event-id': seen?.id ?? '' } });
    telephony.last.end('hung-up');
    expect((await again.rest()).map(stepIn)).toEqual(['pending ringing', 'pending answered', 'failed ended']);
  });

  it('tells a reader that has seen the end not to come back', async () => {
    const { url, create, telephony } = await startApi();
    const { id, token } = await create();
    telephony.last.end('busy');
    const late = await listen(url, id, { token });
    const last = (await late.rest()).at(-1);
    expect(viewIn(last)).toMatchObject({ status: 'failed', reason: 'busy' });
    const again = await listen(url, id, { token, headers: { 'last-event-id': last?.id ?? '' } });
    expect(again.response.status).toBe(204);
  });

  it('shows the end to a reader that comes after it was forgotten', async () => {
    const { url, create, telephony, feed } = await startApi({ feed: { rememberFor: 0 } });
    const { id, token } = await create();
    telephony.last.end('no-answer');
    await vi.waitFor(() => expect(feed.remembered).toBe(0));
    const { rest } = await listen(url, id, { token });
    expect((await rest()).map(stepIn)).toEqual(['failed ended']);
  });

  it('never shows the code', async () => {
    const { url, create, telephony } = await startApi();
    const { id, token, code = '' } = await create();
    const { rest } = await listen(url, id, { token });
    await telephony.last.key(code);
    telephony.last.end('completed', { codeDelivered: true });
    expect(JSON.stringify(await rest())).not.toContain(code);
  });

  it('ends when the server closes', async () => {
    const { url, create, feed } = await startApi();
    const { id, token } = await create();
    const { rest } = await listen(url, id, { token });
    feed.close();
    expect(await rest()).toHaveLength(1);
  });
});
