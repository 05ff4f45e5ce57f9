import { PhonesProcess } from './phones-process.ts';
import { costOf } from './process-cost.ts';
import { Crowd } from './run-calls.ts';
import { MeasuredVoiceServer } from './voice-server.ts';

export interface CallsInQuarters {
  readonly calls: number;
  readonly perSecond: number;
}

export interface MemoryOfCalls {
  readonly failed: number;
  /** Resident megabytes after each quarter of the calls, when none is going on. */
  readonly voiceServer: readonly number[];
  readonly phones: readonly number[];
  /** Kilobytes the voice server grew by for each call of the second half: V8 and malloc have what they want by then. */
  readonly growth: number;
}

const QUARTERS = 4;

/** Calls without a fault between a voice server and phones that are processes of their own, and what stays of them. */
export async function memoryOfCalls({ calls, perSecond }: CallsInQuarters): Promise<MemoryOfCalls> {
  const phones = await PhonesProcess.start();
  const server = await MeasuredVoiceServer.start(phones.url);
  phones.measure({ keys: 'info', talks: false, onePort: true, listenToEach: 25 });
  const crowd = new Crowd(server, perSecond);
  const rss: { readonly voiceServer: number; readonly phones: number }[] = [];
  for (let quarter = 0; quarter < QUARTERS; quarter += 1) {
    await crowd.place(calls / QUARTERS);
    rss.push({ voiceServer: (await server.cost()).rss, phones: (await costOf(phones.pid)).rss });
  }
  await server.stop();
  await phones.stop();

  const [, half = 0, , end = 0] = rss.map(({ voiceServer }) => voiceServer);
  return {
    failed: crowd.failed,
    voiceServer: rss.map(({ voiceServer }) => voiceServer),
    phones: rss.map((quarter) => quarter.phones),
    growth: ((end - half) * 1024) / (calls / 2),
  };
}
