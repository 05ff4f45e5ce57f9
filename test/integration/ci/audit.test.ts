import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FOUND = '{"auditReportVersion":2,"vulnerabilities":{"left-pad":{"severity":"high"}}}';
const UNREACHABLE = '{"message":"request to the registry failed","error":{"code":"ECONNREFUSED"}}';

interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs what `.ci/run` runs, with an npm that says this. */
async function audit(npm: { readonly says: string; readonly exits: number }, script: string): Promise<Ran> {
  const folder = join(await temporaryFolder(), 'bin');
  await mkdir(folder);
  await writeFile(join(folder, 'npm'), `#!/bin/sh\necho '${npm.says}'\nexit ${npm.exits}\n`, { mode: 0o755 });
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
  return new Promise((resolve) => {
    execFile('bash', ['-c', script], { cwd: ROOT, env }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
    });
  });
}

describe('the audit of dependencies in .ci/run', () => {
  it('goes on when nothing is known of them', async () => {
    expect(await audit({ says: '{"auditReportVersion":2}', exits: 0 }, '.ci/audit')).toEqual({
      code: 0,
      output: 'no known holes of high severity\n',
    });
  });

  it('fails the run at a known hole, and shows it', async () => {
    const { code, output } = await audit({ says: FOUND, exits: 1 }, '.ci/audit');
    expect(code).toBe(1);
    expect(output).toContain('left-pad');
    expect(output).toContain('a dependency has a known hole');
  });

  it('says so and goes on when the registry cannot be asked', async () => {
    const { code, output } = await audit({ says: UNREACHABLE, exits: 1 }, '.ci/audit');
    expect(code).toBe(0);
    expect(output).toContain('NOT AUDITED');
  });

  it('is a step of the run that nothing after it follows when it fails', async () => {
    const steps = `set -euo pipefail; eval "$(grep -A1 -x "echo '== npm audit'" .ci/run)"; echo went on`;
    const { code, output } = await audit({ says: FOUND, exits: 1 }, steps);
    expect({ code, wentOn: output.includes('went on') }).toEqual({ code: 1, wentOn: false });
    expect((await audit({ says: UNREACHABLE, exits: 1 }, steps)).output).toContain('went on');
  });
});
