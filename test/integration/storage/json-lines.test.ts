import { appendFile, readFile, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished, describe, expect, it } from 'vitest';
import { JsonLines } from '../../../server/storage/json-lines.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function decode(json: unknown): number {
  if (typeof json !== 'number') throw new TypeError('not a number');
  return json;
}

async function aFile(): Promise<string> {
  return join(await temporaryFolder(), 'lines');
}

function linesOf(file: string, onDamaged?: (lines: number) => void): JsonLines<number> {
  const lines = new JsonLines<number>({ file, decode, flush: false, ...(onDamaged && { onDamaged }) });
  onTestFinished(async () => lines.close());
  return lines;
}

describe('a file of lines', () => {
  it('has nothing to read before the first line', async () => {
    expect(await linesOf(await aFile()).read()).toEqual([]);
  });

  it('gives a later reader every line in its order', async () => {
    const file = await aFile();
    const writer = linesOf(file);
    await Promise.all(Array.from({ length: 500 }, async (_, index) => writer.append(index)));
    expect(await linesOf(file).read()).toEqual(Array.from({ length: 500 }, (_, index) => index));
  });

  it('gives each line once to readings that overlap, while others append', async () => {
    const file = await aFile();
    const [writer, reader] = [linesOf(file), linesOf(file)];
    const readings: Promise<readonly number[]>[] = [];
    for (let line = 0; line < 200; line += 1) {
      await writer.append(line);
      readings.push(reader.readNew(), reader.readNew());
    }
    expect((await Promise.all(readings)).flat()).toEqual(Array.from({ length: 200 }, (_, line) => line));
  });

  it('gives what another process appended since, and only that', async () => {
    const file = await aFile();
    const [one, other] = [linesOf(file), linesOf(file)];
    await one.append(1);
    await other.readNew();
    await one.append(2);
    expect(await other.readNew()).toEqual([2]);
    expect(await other.readNew()).toEqual([]);
  });

  it('sees in the next turn of the event loop that another process appended', async () => {
    const file = await aFile();
    const [one, other] = [linesOf(file), linesOf(file)];
    expect(other.hasNew()).toBe(false);
    await one.append(1);
    expect(other.hasNew()).toBe(true);
    await other.readNew();
    expect(other.hasNew()).toBe(false);
  });

  it('goes on behind the half of a line that a full disk left', async () => {
    const file = await aFile();
    await symlink('/dev/full', file);
    const lines = linesOf(file);
    await expect(lines.append(1)).rejects.toMatchObject({ code: 'storage_unavailable' });
    await unlink(file);
    await writeFile(file, '4[');
    await lines.append(2);
    expect(await linesOf(file).read()).toEqual([2]);
  });

  it('waits for the rest of a line that is being written', async () => {
    const file = await aFile();
    await writeFile(file, '1\n2');
    const lines = linesOf(file);
    expect(await lines.readNew()).toEqual([1]);
    await appendFile(file, '2\n');
    expect(await lines.readNew()).toEqual([22]);
  });

  it('passes over a line that a stopped machine left half written, says so, and loses none after it', async () => {
    const file = await aFile();
    await writeFile(file, '1\n{"cut');
    await linesOf(file).append(2);
    const damaged: number[] = [];
    expect(await linesOf(file, (count) => damaged.push(count)).read()).toEqual([1, 2]);
    expect(damaged).toEqual([1]);
  });

  it('is written anew without what is dropped, and with what was appended meanwhile', async () => {
    const file = await aFile();
    const lines = linesOf(file);
    await lines.append(1);
    await lines.append(2);
    await Promise.all([lines.compact((all) => all.filter((each) => each > 1)), lines.append(3)]);
    await lines.append(4);
    expect(await linesOf(file).read()).toEqual([2, 3, 4]);
  });

  it('is for its owner only', async () => {
    const file = await aFile();
    await linesOf(file).append(1);
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await readFile(file, 'utf8')).toBe('1\n');
  });

  it('takes no line after it was closed', async () => {
    const lines = linesOf(await aFile());
    await lines.close();
    await expect(lines.append(1)).rejects.toMatchObject({ code: 'closed' });
  });
});
