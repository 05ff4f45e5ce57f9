import { bareTarget } from './bare.ts';
import type { FromTarget, ToTarget } from './messages.ts';
import { ourTarget } from './ours.ts';

/** The process that is measured: `bare`, or `unlimited` or `limited` with so many live verifications. */
const [kind = 'bare', live = '0'] = process.argv.slice(2);
const say = (message: FromTarget): void => void process.send?.(message);

const target =
  kind === 'bare' ? await bareTarget() : await ourTarget(Number(live), kind === 'limited' ? kind : 'unlimited');

let cpuBefore = process.cpuUsage();
process.on('message', (message: ToTarget) => {
  switch (message.type) {
    case 'cpu': {
      const { user, system } = process.cpuUsage(cpuBefore);
      cpuBefore = process.cpuUsage();
      say({ type: 'cpu', milliseconds: (user + system) / 1_000 });
      break;
    }
    case 'forget':
      void target.forget().then(() => say({ type: 'forgotten' }));
      break;
    case 'stop':
      void target.close().then(() => process.exit(0));
      break;
  }
});
process.on('disconnect', () => process.exit(1));
say({ type: 'listening', port: target.port, made: target.made });
