import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WriteProbe } from '../../../server/storage/write-probe.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('A disk is tried again after the clock was set back', async () => {
  const folder = await temporaryFolder();
  let now = 3_600_000;
  const probe = new WriteProbe(join(folder, 'probe'), () => now);
  await probe.check();
  await rm(folder, { recursive: true });
  now = 0;
  await expect(probe.check()).rejects.toMatchObject({ code: 'ENOENT' });
});
