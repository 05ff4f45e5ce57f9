import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';

/** The Debian package that brings each program which a test may need; .ci/packages.txt lists the same. */
const PACKAGE_OF = {
  kamailio: 'kamailio kamailio-websocket-modules',
  rtpengine: 'rtpengine-daemon',
  sipp: 'sip-tester',
  baresip: 'baresip',
  chromium: 'chromium',
  flite: 'flite',
  'espeak-ng': 'espeak-ng',
  sox: 'sox',
  pocketsphinx_batch: 'pocketsphinx pocketsphinx-en-us',
  'redis-server': 'redis-server',
} as const;
export type Program = keyof typeof PACKAGE_OF;

/**
 * A describe block that needs programs which Ringproof itself does not: where one is missing its tests are
 * skipped and its name says what to install. With CI=true they run and fail: CI can install everything.
 */
export function describeWith(programs: readonly Program[], name: string, body: () => void): void {
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length === 0 || isCi()) {
    describe(name, body);
    return;
  }
  const packages = missing.map((program) => PACKAGE_OF[program]).join(' ');
  describe.skip(`${name} (to run these: apt-get install ${packages})`, body);
}

function isInstalled(program: Program): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function isCi(): boolean {
  return process.env['CI'] === 'true';
}
