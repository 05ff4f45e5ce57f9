import type { Settings } from '../config.ts';
import { StartError } from './terminal.ts';

const PORT_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken by another program; set PORT to a free one',
  EACCES: 'may not be used by this user; set PORT to one above 1023',
  EADDRNOTAVAIL: 'cannot be opened: that is no address of this machine; check HOST',
  ENOTFOUND: 'cannot be opened: no such host name can be found; check HOST',
};

/** Says which setting to change when a port cannot be had. */
export function refusePort(error: unknown, { PORT, HOST }: Pick<Settings, 'PORT' | 'HOST'>): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = PORT_FAULTS[code];
  if (why === undefined) throw error;
  throw new StartError(code, `Port ${PORT} on ${HOST} ${why}`, error);
}
