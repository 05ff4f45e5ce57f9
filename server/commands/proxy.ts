import { createProxy } from '../../sip-gateway/proxy/proxy.ts';
import { LOCAL_PROXY_DOMAIN, LOCAL_PROXY_PATH, readSettings } from '../config.ts';
import { createLog } from '../log.ts';
import { nothingMore, readArguments } from './arguments.ts';
import { refusePort } from './port-refusal.ts';
import { stopped, type Command } from './terminal.ts';

/** `ringproof proxy`: the SIP-over-WebSocket proxy alone, on PORT. */
export const proxy: Command = async (args, { env, stdout, stop }) => {
  nothingMore(readArguments(args, {}).positionals);
  const settings = readSettings(env);
  const log = createLog({
    level: settings.RINGPROOF_LOG_LEVEL,
    write: (line) => void stdout.write(line),
    human: stdout.isTTY === true,
  });
  const running = createProxy({
    domain: LOCAL_PROXY_DOMAIN,
    password: settings.RINGPROOF_PROXY_PASSWORD,
    open: settings.RINGPROOF_PROXY === 'open',
    clock: Date.now,
    observer: ({ type, ...fields }) => log('debug', `proxy.${type}`, fields),
  });
  try {
    const url = await running
      .listen({ port: settings.PORT, host: settings.HOST, path: LOCAL_PROXY_PATH })
      .catch((error: unknown) => refusePort(error, settings));
    log('info', 'proxy.listening', { url, domain: LOCAL_PROXY_DOMAIN });
    await stopped(stop);
  } finally {
    await running.close();
  }
  return 0;
};
