import type { Readable } from 'node:stream';
import type { Verification } from '../verification/verification.ts';
import { EventLog, isOver } from './event-log.ts';
import { EventStream, type ServerSentEvent } from './event-stream.ts';

export interface LiveFeedOptions {
  /** What a reader is shown of a verification. */
  readonly view: (verification: Verification) => unknown;
  readonly heartbeatEvery?: number;
  /** How long a finished verification can still be resumed from memory; later the store answers. */
  readonly rememberFor?: number;
}

/** A page reconnects while its old connection still hangs: some are zombies, none needs more than a few. */
const MAX_READERS = 8;

interface Channel {
  readonly log: EventLog;
  readers: readonly Reader[];
  forgetting?: NodeJS.Timeout;
}

/** Of most verifications nobody reads along. */
const NOBODY: readonly Reader[] = [];

interface Reader {
  readonly stream: EventStream;
  seen: number | undefined;
}

/** Every change of every verification, to whoever reads along. */
export class LiveFeed {
  readonly #view: LiveFeedOptions['view'];
  readonly #rememberFor: number;
  readonly #channels = new Map<string, Channel>();
  readonly #heartbeat: NodeJS.Timeout;
  #closed = false;

  constructor({ view, heartbeatEvery = 15_000, rememberFor = 60_000 }: LiveFeedOptions) {
    this.#view = view;
    this.#rememberFor = rememberFor;
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatEvery).unref();
  }

  /** How many verifications are in memory. */
  get remembered(): number {
    return this.#channels.size;
  }

  publish(verification: Verification): void {
    if (this.#closed) return;
    const channel = this.#channel(verification.id);
    if (!channel.log.add(verification)) return;
    for (const reader of channel.readers) this.#send(reader, verification);
    if (isOver(verification)) this.#finish(verification.id, channel);
  }

  /**
   * The events of a verification from its current state on, or from what came after `lastSeen`. Undefined when
   * there is nothing more to come: the reader has seen the end.
   */
  open(current: Verification, lastSeen?: number): Readable | undefined {
    // What the caller read from the store may be older than the log, or newer (after a restart, or by an instant).
    this.publish(current);
    const channel = this.#channel(current.id);
    const missed = channel.log.since(lastSeen);
    const latest = channel.log.since(undefined)[0] ?? current;
    if (isOver(latest) && missed.length === 0) return undefined;

    const stream = new EventStream(() => this.#leave(current.id, reader));
    const reader: Reader = { stream, seen: lastSeen };
    for (const state of missed) this.#send(reader, state);
    if (isOver(latest) || this.#closed) stream.end();
    else this.#join(channel, reader);
    return stream;
  }

  /** Ends every stream; harmless when called twice. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#heartbeat);
    for (const { readers, forgetting } of this.#channels.values()) {
      clearTimeout(forgetting);
      for (const { stream } of readers) stream.end();
    }
    this.#channels.clear();
  }

  #channel(id: string): Channel {
    const known = this.#channels.get(id);
    if (known) return known;
    const channel: Channel = { log: new EventLog(), readers: NOBODY };
    if (!this.#closed) this.#channels.set(id, channel);
    return channel;
  }

  #join(channel: Channel, reader: Reader): void {
    const tooMany = channel.readers.slice(0, -(MAX_READERS - 1));
    for (const { stream } of tooMany) stream.end();
    channel.readers = [...channel.readers.slice(tooMany.length), reader];
  }

  #leave(id: string, reader: Reader): void {
    const channel = this.#channels.get(id);
    if (channel) channel.readers = channel.readers.filter((each) => each !== reader);
  }

  #send(reader: Reader, state: Verification): void {
    if (reader.seen !== undefined && state.revision <= reader.seen) return;
    reader.seen = state.revision;
    const event: ServerSentEvent = { id: state.revision, name: 'verification', data: this.#view(state) };
    reader.stream.send(event);
  }

  #finish(id: string, channel: Channel): void {
    for (const { stream } of channel.readers) stream.end();
    channel.readers = NOBODY;
    channel.forgetting ??= setTimeout(() => this.#channels.delete(id), this.#rememberFor).unref();
  }

  #beat(): void {
    for (const { readers } of this.#channels.values()) for (const { stream } of readers) stream.beat();
  }
}
