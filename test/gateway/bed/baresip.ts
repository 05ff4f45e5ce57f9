import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from './program.ts';

/** What baresip's microphone hears. */
const SILENCE = 'silence.wav';

/** baresip, a softphone by others: answers by itself, records what it hears, calls and keys by RFC 4733 when told to. */
export class Baresip {
  readonly #folder: string;
  readonly #program: Program;
  readonly #controlPort: number;

  private constructor(parts: { readonly folder: string; readonly program: Program; readonly controlPort: number }) {
    this.#folder = parts.folder;
    this.#program = parts.program;
    this.#controlPort = parts.controlPort;
  }

  static async start(options: {
    readonly number: string;
    readonly port: number;
    readonly controlPort: number;
    readonly mediaPort: number;
  }): Promise<Baresip> {
    const folder = await mkdtemp(join(tmpdir(), 'ringproof-baresip-'));
    await writeFile(join(folder, 'config'), configOf(folder, options));
    await writeFile(
      join(folder, 'accounts'),
      `<sip:${options.number}@127.0.0.1>;regint=0;answermode=auto;audio_codecs=PCMU/8000/1\n`,
    );
    await writeFile(join(folder, 'contacts'), '');
    await writeFile(join(folder, SILENCE), silentWav(60));
    const program = new Program('baresip', ['baresip', '-f', folder, '-v']);
    const baresip = new Baresip({ folder, program, controlPort: options.controlPort });
    await program.ready(async () => (await baresip.#tell('reginfo')) !== undefined);
    return baresip;
  }

  /** Calls this SIP URI. */
  async dial(uri: string): Promise<void> {
    await this.#order('dial', uri);
  }

  /** Presses one key of the call in progress. */
  async key(digit: string): Promise<void> {
    await this.#order('sndcode', digit);
  }

  /** Resolves once its call is over: the recording is whole. */
  async hungUp(): Promise<void> {
    await this.#program.ready(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return this.#program.output.includes(' terminated (duration');
    });
  }

  /** What was heard in the call that has ended: samples at 8 kHz, as baresip decoded them. */
  async recording(): Promise<Int16Array> {
    const file = (await readdir(this.#folder)).find((name) => name.endsWith('-dec.wav'));
    if (file === undefined) throw new Error(`baresip has recorded nothing:\n${this.#program.output}`);
    const wav = await readFile(join(this.#folder, file));
    const data = wav.subarray(wav.indexOf('data') + 8);
    return Int16Array.from({ length: Math.floor(data.length / 2) }, (_, index) => data.readInt16LE(index * 2));
  }

  get output(): string {
    return this.#program.output;
  }

  async stop(): Promise<void> {
    await this.#program.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #order(command: string, params: string): Promise<void> {
    const answer = await this.#tell(command, params);
    if (answer?.includes('"ok":true') === true) return;
    throw new Error(`baresip did not obey ${command}: ${answer}\n${this.#program.output}`);
  }

  /** One command of its control socket: JSON in a netstring. */
  async #tell(command: string, params = ''): Promise<string | undefined> {
    const message = JSON.stringify({ command, params, token: command });
    const socket = connect(this.#controlPort, '127.0.0.1');
    try {
      return await new Promise((resolve) => {
        let answer = '';
        socket.setTimeout(1_000, () => resolve(undefined));
        socket.once('error', () => setTimeout(() => resolve(undefined), 20));
        socket.on('data', (chunk) => {
          answer += chunk.toString();
          // Events of the call come on the same socket.
          if (answer.includes(`"token":"${command}"`)) resolve(answer);
        });
        socket.write(`${Buffer.byteLength(message)}:${message},`);
      });
    } finally {
      socket.destroy();
    }
  }
}

function configOf(
  folder: string,
  options: {
    readonly port: number;
    readonly controlPort: number;
    readonly mediaPort: number;
  },
): string {
  const modules = ['/usr/lib/baresip/modules', '/usr/local/lib/baresip/modules'].find((path) => existsSync(path));
  return [
    `sip_listen 127.0.0.1:${options.port}`,
    // Its SDP must not name the address of another interface.
    'net_interface 127.0.0.1',
    `audio_source aufile,${join(folder, SILENCE)}`,
    'audio_player nil,nil',
    'audio_alert nil,nil',
    `rtp_ports ${options.mediaPort}-${options.mediaPort + 3}`,
    `module_path ${modules ?? '/usr/lib/baresip/modules'}`,
    'module g711.so',
    'module aufile.so',
    'module sndfile.so', // records
    'module uuid.so',
    'module account.so',
    'module_app menu.so',
    'module_app ctrl_tcp.so',
    `ctrl_tcp_listen 127.0.0.1:${options.controlPort}`,
    `snd_path ${folder}`,
    '',
  ].join('\n');
}

/** 8 kHz, mono, 16 bits. */
function silentWav(seconds: number): Buffer {
  const wav = Buffer.alloc(44 + seconds * 16_000);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(8_000, 24);
  wav.writeUInt32LE(16_000, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(wav.length - 44, 40);
  return wav;
}
