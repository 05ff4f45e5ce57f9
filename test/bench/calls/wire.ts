import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ear, Ledger } from './ear.ts';
import type { CallTimes, Measured } from './messages.ts';
import { datagramsIn } from './pcap.ts';

/** Ethernet, IPv4, UDP, RTP: its first twelve bytes say all that is asked. */
const SNAP_LENGTH = 64;
const READY_WITHIN = 5_000;

/** Version 2, and a payload type: RTCP has those from 64 to 95 (RFC 5761 §4). */
const IS_RTP = 'udp[8] & 0xc0 = 0x80 and (udp[9] & 0x7f < 64 or udp[9] & 0x7f > 95)';

/**
 * The packets of some calls as they went over the loopback, with the kernel's times: tcpdump(8) writes down the clear
 * headers of SRTP. The phones' own times have the lag of the busiest process of the bench in them.
 */
export class Wire {
  readonly #tcpdump: ChildProcess;
  readonly #folder: string;
  readonly #file: FileHandle;

  private constructor(tcpdump: ChildProcess, folder: string, file: FileHandle) {
    this.#tcpdump = tcpdump;
    this.#folder = folder;
    this.#file = file;
  }

  /**
   * Of one call in so many (a power of two), by its SSRC, which is random.
   * @returns why not, where tcpdump is missing or may not capture: that takes CAP_NET_RAW.
   */
  static async tap(oneIn: number): Promise<Wire | string> {
    const folder = await mkdtemp(join(tmpdir(), 'ringproof-wire-'));
    const file = await open(join(folder, 'loopback.pcap'), 'w');
    const filter = `${IS_RTP} and udp[16:4] & ${oneIn - 1} = 0`;
    const options = ['-i', 'lo', '-n', '-s', String(SNAP_LENGTH), '-B', '8192', '-w', '-', filter];
    const tcpdump = spawn('tcpdump', options, { stdio: ['ignore', file.fd, 'pipe'] });
    const wire = new Wire(tcpdump, folder, file);
    const refusal = await refusalOf(tcpdump);
    if (refusal === undefined) return wire;
    tcpdump.kill();
    await wire.#putAway();
    return refusal;
  }

  /** What the calls were like whose times these are. */
  async measured(times: readonly CallTimes[]): Promise<Measured> {
    const exited = once(this.#tcpdump, 'exit');
    this.#tcpdump.kill('SIGINT');
    await exited;
    const captured = await readFile(join(this.#folder, 'loopback.pcap'));
    await this.#putAway();
    return judged(captured, times);
  }

  async #putAway(): Promise<void> {
    await this.#file.close();
    await rm(this.#folder, { recursive: true });
  }
}

function judged(captured: Buffer, times: readonly CallTimes[]): Measured {
  const ledger = new Ledger();
  const bySsrc = new Map(times.map((call) => [call.ssrc, call]));
  const ears = new Map<number, Ear>();
  for (const { at, payload } of datagramsIn(captured)) {
    const ssrc = payload.readUInt32BE(8);
    const call = bySsrc.get(ssrc);
    if (!call) continue; // the phones' own audio, or a call of the warm-up
    let ear = ears.get(ssrc);
    if (!ear) {
      ear = new Ear(ledger);
      ear.answered(call.answeredAt);
      if (call.keyedAt !== undefined) ear.lastKey(call.keyedAt);
      ears.set(ssrc, ear);
    }
    ear.packet({ at, timestamp: payload.readUInt32BE(4), marker: payload.readUInt8(1) >= 0x80 });
  }
  return ledger.measured;
}

/** Undefined once it captures. */
async function refusalOf(tcpdump: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = '';
    const limit = setTimeout(() => resolve('tcpdump does not begin'), READY_WITHIN);
    const settle = (refusal?: string): void => {
      clearTimeout(limit);
      resolve(refusal);
    };
    tcpdump.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('listening on')) settle();
    });
    tcpdump.once('error', (error) => settle(`tcpdump: ${error.message}`));
    tcpdump.once('exit', () => settle(said.trim() || 'tcpdump stopped'));
  });
}
