import type { Flow } from '../../../../sip-gateway/proxy/flow.ts';

/** A connection that only remembers the first lines of what it was sent. */
export class FakeFlow implements Flow {
  readonly id: string;
  readonly address = '127.0.0.1';
  readonly port = 5060;
  readonly isOpen = true;
  readonly sent: string[] = [];
  readonly closed: number[] = [];

  constructor(id: string) {
    this.id = id;
  }

  send(message: Uint8Array): void {
    this.sent.push(Buffer.from(message).toString());
  }

  close(code: number): void {
    this.closed.push(code);
  }

  drop(): void {
    this.closed.push(1006);
  }

  /** `INVITE`, `180` and so on, in order. */
  get summary(): readonly string[] {
    return this.sent.map((message) => message.replace(/^SIP\/2\.0 /, '').split(' ', 1)[0] ?? '');
  }
}
