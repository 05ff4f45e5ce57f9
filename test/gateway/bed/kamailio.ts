import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askUdp } from './ask-udp.ts';
import type { PortBlock } from './port-block.ts';
import { Program } from './program.ts';

export interface KamailioAccount {
  readonly user: string;
  readonly password: string;
  readonly registerRealm: string;
  /** Some trunks challenge calls with another realm than registrations. */
  readonly callRealm: string;
}

/** The line that all numbers outside area code 202 ring; what calls from it is a carrier, whose word is trusted. */
export const CROWD_LINE = 99;
/** Its calls go to Ringproof. */
export const DIAL_IN_NUMBER = '+12025550200';

export class Kamailio {
  readonly #folder: string;
  readonly #ports: PortBlock;
  #program: Program;

  private constructor(folder: string, ports: PortBlock) {
    this.#folder = folder;
    this.#ports = ports;
    this.#program = this.#launch();
  }

  static async start(ports: PortBlock, account: KamailioAccount): Promise<Kamailio> {
    const folder = await mkdtemp(join(tmpdir(), 'ringproof-kamailio-'));
    const template = await readFile(new URL('kamailio.cfg', import.meta.url), 'utf8');
    await writeFile(join(folder, 'kamailio.cfg'), render(template, ports, account));
    const kamailio = new Kamailio(folder, ports);
    try {
      await kamailio.#ready();
    } catch (error) {
      await kamailio.stop();
      throw error;
    }
    return kamailio;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#ports.webSocket}`;
  }

  get output(): string {
    return this.#program.output;
  }

  /** Ends as a crash would; the registrations are forgotten with it. */
  async kill(): Promise<void> {
    await this.#program.kill();
  }

  /** Comes back on the same ports, knowing nobody. */
  async restart(): Promise<void> {
    await this.#program.stop();
    this.#program = this.#launch();
    await this.#ready();
  }

  async stop(): Promise<void> {
    await this.#program.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #launch(): Program {
    const config = join(this.#folder, 'kamailio.cfg');
    return new Program('kamailio', ['kamailio', '-DD', '-E', '-f', config, '-w', this.#folder, '-Y', this.#folder]);
  }

  async #ready(): Promise<void> {
    await this.#program.ready(() => answersOptions(this.#ports.sip));
  }
}

async function answersOptions(port: number): Promise<boolean> {
  const request = [
    `OPTIONS sip:127.0.0.1:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bK${Math.random().toString(36).slice(2)}`,
    'Max-Forwards: 5',
    'From: <sip:bed@127.0.0.1>;tag=bed',
    `To: <sip:127.0.0.1:${port}>`,
    `Call-ID: ${Math.random().toString(36).slice(2)}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
  const answer = await askUdp(port, request);
  return answer?.startsWith('SIP/2.0 200') ?? false;
}

function render(template: string, ports: PortBlock, account: KamailioAccount): string {
  const values: Readonly<Record<string, string>> = {
    SIP_PORT: String(ports.sip),
    WEBSOCKET_PORT: String(ports.webSocket),
    NG_PORT: String(ports.ng),
    LINES_PORT: String(ports.lines),
    CROWD_LINE: String(CROWD_LINE),
    DIAL_IN_NUMBER: DIAL_IN_NUMBER.slice(1),
    USER: account.user,
    PASSWORD: account.password,
    REGISTER_REALM: account.registerRealm,
    CALL_REALM: account.callRealm,
    MODULES: modulesFolder(),
  };
  return template.replaceAll(/\{\{([A-Z_]+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`kamailio.cfg asks for {{${name}}}, which the bed does not know`);
    return value;
  });
}

function modulesFolder(): string {
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const folders = [`/usr/lib/${machine}-linux-gnu/kamailio/modules`, '/usr/lib/kamailio/modules'];
  return folders.find((folder) => existsSync(folder)) ?? `/usr/lib/${machine}-linux-gnu/kamailio/modules`;
}
