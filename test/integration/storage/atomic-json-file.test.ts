import { EventEmitter, once } from 'node:events';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AtomicJsonFile } from '../../../server/storage/atomic-json-file.ts';
import { FolderSync } from '../../../server/storage/folder-sync.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A file of one number, which says how often it was written and what it fell back to. */
async function aNumberFile() {
  const file = join(await temporaryFolder(), 'number.json');
  const folder = new FolderSync(dirname(file));
  onTestFinished(async () => folder.close());
  const started = new EventEmitter();
  const begun = once(started, 'write');
  const seen = { writes: 0, lost: [] as (number | undefined)[] };
  const adapter = new AtomicJsonFile<number>({
    file,
    folder,
    decode: Number,
    stringify: (data) => {
      seen.writes += 1;
      started.emit('write');
      return String(data);
    },
    onLost: (kept) => seen.lost.push(kept),
  });
  return { file, adapter, seen, begun };
}

describe('AtomicJsonFile', () => {
  it('reads null where nothing was written', async () => {
    const { adapter } = await aNumberFile();
    expect(await adapter.read()).toBeNull();
  });

  it('writes once for all who ask together', async () => {
    const { file, adapter, seen } = await aNumberFile();
    await Promise.all(Array.from({ length: 100 }, async (_, n) => adapter.write(n)));
    expect(seen.writes).toBe(1);
    expect(await readFile(file, 'utf8')).toBe('99\n');
  });

  it('covers all writes that come during one with the next one', async () => {
    const { file, adapter, seen, begun } = await aNumberFile();
    const first = adapter.write(0);
    await begun;
    await Promise.all([first, ...Array.from({ length: 100 }, async (_, n) => adapter.write(n))]);
    expect(seen.writes).toBe(2);
    expect(await readFile(file, 'utf8')).toBe('99\n');
  });

  it('acknowledges a write only when the file has it', async () => {
    const { file, adapter } = await aNumberFile();
    const first = adapter.write(1);
    const second = adapter.write(2);
    await first;
    expect(['1\n', '2\n']).toContain(await readFile(file, 'utf8'));
    await second;
    expect(await readFile(file, 'utf8')).toBe('2\n');
  });

  it('refuses everyone who waits when a write fails, and says once what the file still holds', async () => {
    const { file, adapter, seen } = await aNumberFile();
    await adapter.write(1);
    await mkdir(`${file}.tmp`);

    const writes = await Promise.allSettled([adapter.write(2), adapter.write(3), adapter.write(4)]);

    expect(writes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(seen.lost).toEqual([1]);
    expect(await readFile(file, 'utf8')).toBe('1\n');
  });

  it('writes again after a failure', async () => {
    const { file, adapter } = await aNumberFile();
    await mkdir(`${file}.tmp`);
    await expect(adapter.write(1)).rejects.toMatchObject({
      code: 'storage_unavailable',
      cause: { code: 'write-failed', file },
    });
    await rm(`${file}.tmp`, { recursive: true });
    await adapter.write(2);
    expect(await adapter.read()).toBe(2);
  });
});
