import { hasGateway, limitsAreOn, proxyAccess, unknownSettings, type Settings } from '../config.ts';
import { createLog, type Log } from '../log.ts';
import { nothingMore, readArguments } from './arguments.ts';
import { readConfiguration } from './configuration.ts';
import { findInstallation } from './installation.ts';
import { serve, type RunningServer } from './serve.ts';
import { stopped, type Command, type Terminal } from './terminal.ts';

/** `ringproof start`: everything in one, until a signal comes. */
export const start: Command = async (args, terminal) => {
  nothingMore(readArguments(args, {}).positionals);
  const { settings, trunkFile, ...files } = await readConfiguration(terminal.env);
  const { trunks, passwordVariables = [] } = trunkFile ?? {};
  const installation = findInstallation();
  const isHuman = terminal.stdout.isTTY === true;
  const log = createLog({
    level: settings.RINGPROOF_LOG_LEVEL,
    write: (line) => void terminal.stdout.write(line),
    human: isHuman,
  });
  for (const name of unknownSettings(terminal.env)) {
    if (!passwordVariables.includes(name)) log('warn', 'settings.unknown', { name });
  }

  if (hasGateway(settings) && !limitsAreOn(settings)) log('warn', 'limits.off');

  const gatewayEnv = withoutSecrets(terminal.env, passwordVariables);
  const { stop } = terminal;
  const options = { settings, files, installation, gatewayEnv, ...(trunks && { trunks }), log, now: Date.now, stop };
  const server = await serve(options).catch((error: unknown) => {
    if (stop.aborted) return undefined;
    throw error;
  });
  if (server) {
    announce(server, { settings, terminal, log, version: installation.version });
    await stopped(stop);
    log('info', 'server.stopping');
    await server.close();
  }
  log('info', 'server.stopped');
  return 0;
};

interface Announcement {
  readonly settings: Settings;
  readonly terminal: Terminal;
  readonly log: Log;
  readonly version: string;
}

function announce({ url, telephony }: RunningServer, { settings, terminal, log, version }: Announcement): void {
  const hasProxy = proxyAccess(settings) !== 'off';
  const status = telephony.status();
  const calls = status.ready ? 'ready' : `${status.reason}: ${status.detail}`;
  if (terminal.stdout.isTTY !== true) {
    log('info', 'server.listening', { url, version, pid: process.pid, proxy: hasProxy, telephony: calls });
    return;
  }
  const lines = [
    `Ringproof ${version} listens on ${url}`,
    `  visitor's page  ${url}/`,
    ...(hasProxy ? [`  browser phone   ${url}/phone`] : []),
    `  calls           ${calls}`,
    `  stop            Ctrl-C`,
  ];
  terminal.stdout.write(`${lines.join('\n')}\n`);
}

/** The voice server gets what it needs in its `configure` message; native code needs none of our secrets. */
function withoutSecrets(env: Terminal['env'], secrets: readonly string[]): Terminal['env'] {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('RINGPROOF_') && !secrets.includes(name)),
  );
}
