import { UdpPhone } from '../phone/udp-phone.ts';
import { Baresip } from './baresip.ts';
import { CROWD_LINE, Kamailio, type KamailioAccount } from './kamailio.ts';
import { PortBlock } from './port-block.ts';
import type { Program } from './program.ts';
import { Sipp } from './sipp.ts';
import { startRtpengine } from './rtpengine.ts';

const ACCOUNT: KamailioAccount = {
  user: 'ringproof',
  password: 'a trunk password',
  registerRealm: 'trunk.example',
  callRealm: 'trunk.example',
};

/**
 * A small telephone network on loopback: Kamailio and rtpengine from Debian, and up to a hundred lines
 * (+1 202 555 01NN) that telephones are plugged into. Any number of beds run beside each other.
 */
export class TestBed {
  readonly account: KamailioAccount;
  readonly kamailio: Kamailio;
  readonly ports: PortBlock;
  readonly #phones: UdpPhone[] = [];
  readonly #sipps: Sipp[] = [];
  #baresip: Baresip | undefined;
  #rtpengine: Program;
  #nextLine = 0;

  private constructor(parts: {
    readonly account: KamailioAccount;
    readonly kamailio: Kamailio;
    readonly ports: PortBlock;
    readonly rtpengine: Program;
  }) {
    this.account = parts.account;
    this.kamailio = parts.kamailio;
    this.ports = parts.ports;
    this.#rtpengine = parts.rtpengine;
  }

  static async start(account: Partial<KamailioAccount> = {}): Promise<TestBed> {
    const whole = { ...ACCOUNT, ...account };
    const ports = await PortBlock.reserve();
    let rtpengine: Program | undefined;
    try {
      rtpengine = await startRtpengine(ports);
      const kamailio = await Kamailio.start(ports, whole);
      return new TestBed({ account: whole, kamailio, ports, rtpengine });
    } catch (error) {
      await rtpengine?.stop();
      await ports.release();
      throw error;
    }
  }

  /** A number that nobody else has, the UDP port that Kamailio rings for it, and four ports for its media. */
  newLine(): { readonly number: string; readonly port: number; readonly mediaPort: number } {
    const line = this.#nextLine++;
    if (line >= CROWD_LINE) throw new Error('all lines of the bed are taken');
    return {
      number: `+120255501${String(line).padStart(2, '0')}`,
      port: this.ports.lines + line,
      mediaPort: this.ports.phoneMedia + 4 * line,
    };
  }

  /** The port that every number outside area code 202 rings. */
  get crowdPort(): number {
    return this.ports.lines + CROWD_LINE;
  }

  /** Where its phones may hear. */
  get crowdMediaPort(): number {
    return this.ports.phoneMedia + 4 * CROWD_LINE;
  }

  /** A telephone on a line of its own. */
  async newPhone(): Promise<{ readonly number: string; readonly phone: UdpPhone }> {
    const { number, port } = this.newLine();
    const phone = await UdpPhone.open(port);
    this.#phones.push(phone);
    return { number, phone };
  }

  /** A telephone that every number outside area code 202 rings. */
  async crowdPhone(): Promise<UdpPhone> {
    const phone = await UdpPhone.open(this.crowdPort);
    this.#phones.push(phone);
    return phone;
  }

  /** SIPp, plugged into a line (or the crowd's). */
  async newSipp(options: Parameters<typeof Sipp.start>[0]): Promise<Sipp> {
    const sipp = await Sipp.start(options);
    this.#sipps.push(sipp);
    return sipp;
  }

  /** baresip, plugged into a line; one of them has a place to take its orders. */
  async newBaresip(line: {
    readonly number: string;
    readonly port: number;
    readonly mediaPort: number;
  }): Promise<Baresip> {
    this.#baresip = await Baresip.start({ ...line, controlPort: this.ports.control });
    return this.#baresip;
  }

  async killRtpengine(): Promise<void> {
    await this.#rtpengine.kill();
  }

  async restartRtpengine(): Promise<void> {
    await this.#rtpengine.stop();
    this.#rtpengine = await startRtpengine(this.ports);
  }

  /** What the programs had to say, for a test that failed. */
  get logs(): string {
    const sipps = this.#sipps.filter((sipp) => !sipp.succeeded).map((sipp) => `\n--- sipp\n${sipp.output}`);
    const baresip = this.#baresip ? `\n--- baresip\n${this.#baresip.output}` : '';
    return `--- kamailio\n${this.kamailio.output}\n--- rtpengine\n${this.#rtpengine.output}${sipps.join('')}${baresip}`;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#phones.map(async (phone) => phone.close()));
    await Promise.all(this.#sipps.map(async (sipp) => sipp.stop()));
    await this.#baresip?.stop();
    await this.kamailio.stop();
    await this.#rtpengine.stop();
    await this.ports.release();
  }
}
