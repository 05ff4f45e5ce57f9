import { describe, expect, it } from 'vitest';
import { CheckpointWatch } from '../../../server/commands/checkpoint-watch.ts';
import { StorageError } from '../../../server/storage/storage-error.ts';

const MIB = 1024 * 1024;
const FULL = new StorageError('write-failed', 'not written', {
  file: '/data/ringproof/000001.json',
  cause: Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' }),
});

function aWatch() {
  const said: unknown[] = [];
  const clock = { now: 0 };
  const watch = new CheckpointWatch(
    (level, event, fields) => said.push({ level, event, ...fields }),
    () => clock.now,
  );
  return { watch, said, clock };
}

describe('Pages that cannot be written', () => {
  it('are said at once, with the reason, the folder and how long it may go on', () => {
    const { watch, said } = aWatch();
    watch.report({ error: FULL, waiting: 1_000, room: 63 * MIB });
    expect(said).toEqual([
      {
        level: 'error',
        event: 'store.pages-failed',
        reason: 'ENOSPC',
        folder: '/data/ringproof',
        waiting: 1_000,
        room: 63 * MIB,
      },
    ]);
  });

  it('are said again each minute, however often they fail', () => {
    const { watch, said, clock } = aWatch();
    for (clock.now = 0; clock.now < 120_000; clock.now += 100) watch.report({ error: FULL, waiting: 1, room: 1 });
    expect(said).toHaveLength(2);
  });

  it('are said again when the clock was set back', () => {
    const { watch, said, clock } = aWatch();
    clock.now = 86_400_000;
    watch.report({ error: FULL, waiting: 1, room: 1 });
    clock.now = 0;
    watch.report({ error: FULL, waiting: 1, room: 1 });
    expect(said).toHaveLength(2);
  });

  it('are said once more when they can be, and at once when they cannot again', () => {
    const { watch, said } = aWatch();
    watch.report({ waiting: 0, room: MIB });
    watch.report({ error: FULL, waiting: 1, room: 1 });
    for (let n = 0; n < 2; n += 1) watch.report({ waiting: 0, room: MIB });
    watch.report({ error: FULL, waiting: 1, room: 1 });
    expect(said).toMatchObject([
      { event: 'store.pages-failed' },
      { event: 'store.pages-written' },
      { event: 'store.pages-failed' },
    ]);
  });

  it('are counted', () => {
    const { watch } = aWatch();
    for (let n = 0; n < 3; n += 1) watch.report({ error: FULL, waiting: 1, room: 1 });
    watch.report({ waiting: 0, room: MIB });
    expect(watch.counts).toEqual({ written: 1, failed: 3 });
  });

  it('are a trouble that says how much the journal takes more, until they are written', () => {
    const { watch } = aWatch();
    expect(watch.trouble).toBeUndefined();
    watch.report({ error: FULL, waiting: MIB, room: 1.5 * MIB });
    expect(watch.trouble).toEqual({
      isFull: false,
      detail: 'The pages of the store cannot be written (ENOSPC); its journal takes 1.5 MiB more',
    });
    watch.report({ error: FULL, waiting: MIB, room: 0 });
    expect(watch.trouble).toMatchObject({ isFull: true, detail: expect.stringContaining('its journal is full') });
    watch.report({ waiting: 0, room: MIB });
    expect(watch.trouble).toBeUndefined();
  });
});
