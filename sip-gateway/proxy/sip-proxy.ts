import type { Clock } from '../../server/verification/ports.ts';
import { isLooping, serverKeyOf } from './branch.ts';
import type { Flow } from './flow.ts';
import { FlowTokens, type FlowTarget } from './flow-token.ts';
import { Forwarder } from './forwarder.ts';
import type { Incoming, OwnAnswer } from './incoming.ts';
import type { Interceptor } from './interceptor.ts';
import { INVITE_TIMES, type InviteTimes } from './invite-forwarding.ts';
import { readNameAddr, userOfAddress } from './name-addr.ts';
import { parseMessage } from './parse-message.ts';
import { PasswordGate } from './password-gate.ts';
import { maskUser, shortFlow, type ProxyEvent, type ProxyObserver } from './proxy-event.ts';
import { registerAnswer } from './register-answer.ts';
import { Registrar, type Binding, type RegistrarLimits } from './registrar.ts';
import { replyTo } from './reply.ts';
import { Routes } from './routes.ts';
import {
  header,
  headerOf,
  headersOf,
  serialise,
  withoutAll,
  withoutTop,
  withTop,
  type SipRequest,
  type SipResponse,
} from './sip-message.ts';
import { isSameContact, readSipUri, userKeyOf, type SipUri } from './sip-uri.ts';
import { TransactionTable, type TransactionLimits } from './transaction-table.ts';
import { viaWithSource } from './via.ts';

export interface SipProxyOptions {
  /** The one SIP domain that is served, and the digest realm. */
  readonly domain: string;
  /** One for all users; without it everybody may register any user. */
  readonly password?: string | undefined;
  readonly clock: Clock;
  /** Numbers that are answered by another user: what is called, and who registers. */
  readonly aliases?: Readonly<Record<string, string>>;
  readonly observer?: ProxyObserver | undefined;
  readonly registrar?: Partial<RegistrarLimits>;
  readonly transactions?: Partial<TransactionLimits>;
  readonly times?: Partial<InviteTimes>;
  readonly interceptor?: Interceptor | undefined;
}

/** Methods that may begin something with a registered user. */
const INITIAL_METHODS: ReadonlySet<string> = new Set(['INVITE', 'OPTIONS', 'MESSAGE']);
/** Methods that mean nothing outside a dialog. */
const DIALOG_METHODS: ReadonlySet<string> = new Set(['BYE', 'INFO', 'UPDATE', 'PRACK']);
const ALLOW = header('Allow', 'REGISTER, INVITE, ACK, CANCEL, BYE, INFO, UPDATE, OPTIONS, MESSAGE');

/** The routing of RFC 3261 §16 over connections, without the connections themselves. */
export class SipProxy {
  readonly #options: SipProxyOptions;
  readonly #registrar: Registrar;
  readonly #gate: PasswordGate | undefined;
  readonly #routes: Routes;
  readonly #transactions: TransactionTable;
  readonly #flows = new Map<string, Flow>();
  readonly #forwarder: Forwarder;
  readonly #registered = new WeakMap<Flow, Set<string>>();

  constructor(options: SipProxyOptions) {
    const { domain, password, clock } = options;
    this.#options = options;
    this.#registrar = new Registrar(clock, options.registrar);
    this.#gate = password === undefined ? undefined : new PasswordGate({ realm: domain, password, clock });
    this.#routes = new Routes(domain, new FlowTokens());
    this.#transactions = new TransactionTable(options.transactions);
    this.#forwarder = new Forwarder({
      sentBy: domain,
      transactions: this.#transactions,
      times: { ...INVITE_TIMES, ...options.times },
      interceptor: options.interceptor,
    });
  }

  registrations(): readonly Binding[] {
    return this.#registrar.all();
  }

  /** Requests that are under way or remembered. */
  get transactionCount(): number {
    return this.#transactions.size;
  }

  onConnected(flow: Flow): void {
    this.#flows.set(flow.id, flow);
    this.#tell({ type: 'connected', flow: shortFlow(flow.id), address: flow.address });
  }

  onDisconnected(flow: Flow): void {
    if (!this.#flows.delete(flow.id)) return;
    for (const { user } of this.#registrar.forgetFlow(flow.id)) {
      this.#tell({ type: 'unregistered', flow: shortFlow(flow.id), user: maskUser(user) });
    }
    this.#transactions.onFlowGone(flow);
    this.#tell({ type: 'disconnected', flow: shortFlow(flow.id), address: flow.address });
  }

  /** One WebSocket message. Never throws: what cannot be understood is answered 400 or ends the connection. */
  onMessage(flow: Flow, bytes: Buffer): void {
    const result = parseMessage(bytes);
    switch (result.type) {
      case 'keep-alive':
        if (result.ping) flow.send(Buffer.from('\r\n'));
        return;
      case 'garbage':
        this.#tell({ type: 'malformed', flow: shortFlow(flow.id), reason: result.reason });
        flow.close(1002, 'not SIP');
        return;
      case 'bad-request':
        this.#tell({ type: 'malformed', flow: shortFlow(flow.id), reason: result.reason });
        flow.send(serialise(replyTo(result.request, { status: result.status, reason: result.reason })));
        return;
      case 'message':
        if (result.message.kind === 'request') this.#onRequest(flow, result.message);
        else this.#onResponse(flow, result.message);
        return;
    }
  }

  /** To be called now and then. */
  sweep(): void {
    this.#registrar.sweep();
    this.#gate?.sweep();
  }

  close(): void {
    this.#transactions.close();
    this.#flows.clear();
  }

  #onResponse(flow: Flow, response: SipResponse): void {
    const method = /\s(\S+)$/.exec(headerOf(response, 'cseq') ?? '')?.[1] ?? '';
    this.#tell({ type: 'response', flow: shortFlow(flow.id), method, status: response.status });
    this.#forwarder.onResponse(flow, method, response);
  }

  #onRequest(flow: Flow, received: SipRequest): void {
    const { method } = received;
    const to = maskUser(readSipUri(received.uri)?.user ?? '');
    this.#tell({ type: 'request', flow: shortFlow(flow.id), method, to });
    const via = headerOf(received, 'via') ?? '';
    const request = withTop(withoutTop(received, 'via'), header('Via', viaWithSource(via, flow)));
    const incoming = { flow, request };
    const key = serverKeyOf(flow.id, request);
    const present = key === undefined ? undefined : this.#transactions.byServerKey(key);
    if (method === 'ACK') {
      // With the branch of its INVITE it ends a refusal, which each hop does for itself.
      if (!present) this.#forwardAck(incoming);
    } else if (method === 'CANCEL') {
      this.#answer(incoming, { status: present?.cancel ? 200 : 481 });
      present?.cancel?.();
    } else if (present) present.onRepeated();
    else if (key === undefined) this.#answer(incoming, { status: 400, reason: 'Via Branch Must Begin With z9hG4bK' });
    else this.#route(incoming);
  }

  #route(incoming: Incoming): void {
    const { flow, request } = incoming;
    const refusal = this.#refusalOf(incoming);
    if (refusal) return this.#answer(incoming, refusal);
    const stripped = this.#routes.strip(request);
    const target = stripped.passed.at(-1);
    if (target) {
      const to = this.#findTarget(target, request.uri);
      if (!to) return this.#answer(incoming, { status: 480 });
      const users = stripped.passed.map(({ user }) => user);
      return this.#forwarder.forward({
        from: flow,
        to,
        toSide: target.side,
        received: request,
        sent: stripped.request,
        users,
      });
    }
    const uri = readSipUri(request.uri);
    if (request.method === 'REGISTER') return this.#register(incoming);
    if (!uri || uri.user === '') {
      return this.#answer(incoming, { status: request.method === 'OPTIONS' ? 200 : 405, headers: [ALLOW] });
    }
    return this.#routeToUser(incoming, uri);
  }

  /** RFC 3261 §16.3, in its order, and our own limits. */
  #refusalOf({ flow, request }: Incoming): OwnAnswer | undefined {
    if (!readSipUri(request.uri)) return { status: /^(sips?|tel):/i.test(request.uri) ? 400 : 416 };
    if (headerOf(request, 'max-forwards') === '0' && request.method !== 'REGISTER') return { status: 483 };
    if (isLooping(request, this.#options.domain)) return { status: 482 };
    const required = headersOf(request, 'proxy-require');
    if (required.length > 0) return { status: 420, headers: [header('Unsupported', required.join(', '))] };
    if (this.#transactions.isFullFor(flow)) return { status: 503, headers: [header('Retry-After', '5')] };
    return undefined;
  }

  #routeToUser(incoming: Incoming, uri: SipUri): void {
    const { flow, request } = incoming;
    if (DIALOG_METHODS.has(request.method)) return this.#answer(incoming, { status: 481 });
    if (!INITIAL_METHODS.has(request.method)) return this.#answer(incoming, { status: 405, headers: [ALLOW] });
    const callers = this.#callersOf(incoming);
    const challenge = this.#gate?.check(incoming, callers, 407);
    if (challenge) return this.#answer(incoming, challenge);
    if (!this.#isOurs(uri)) return this.#answer(incoming, { status: 404 });
    const called = userKeyOf(uri);
    const user = this.#options.aliases?.[called] ?? called;
    const interception = this.#options.interceptor?.onInitial(incoming, user, callers);
    if (interception) return this.#forwarder.intercept(incoming, interception);
    // Several phones under one number: the one that registered last is where the person is.
    const [binding] = this.#registrar.bindingsOf(user);
    const to = binding && this.#flows.get(binding.flowId);
    if (!binding || !to) return this.#answer(incoming, { status: this.#registrar.isKnown(user) ? 480 : 404 });

    // A route that a client was set up with leads here and no further.
    const sent = { ...withoutAll(request, 'route', 'proxy-authorization'), uri: binding.contact };
    const recorded =
      request.method === 'INVITE'
        ? this.#routes.record(sent, [
            { side: 'caller', flowId: flow.id, user: callers[0] ?? '' },
            { side: 'callee', flowId: to.id, user },
          ])
        : sent;
    return this.#forwarder.forward({
      from: flow,
      to,
      toSide: 'callee',
      received: request,
      sent: recorded,
      users: [user],
    });
  }

  /** Who has registered on that connection, or else says to be; the most likely first. */
  #callersOf({ flow, request }: Incoming): readonly string[] {
    const from = userOfAddress(headerOf(request, 'from')) ?? '';
    const registered = [...(this.#registered.get(flow) ?? [])].filter((user) =>
      this.#registrar.bindingsOf(user).some(({ flowId }) => flowId === flow.id),
    );
    // An agent may call with another number in From than the one it is found under.
    return registered.includes(from) ? [from] : [...registered, from];
  }

  #isOurs(uri: SipUri): boolean {
    return uri.scheme === 'tel' || uri.host === this.#options.domain;
  }

  /** The connection of the dialog; where it is gone, the one on which the same agent has come back. */
  #findTarget({ flowId, user }: FlowTarget, contact: string): Flow | undefined {
    const flow = this.#flows.get(flowId);
    if (flow) return flow;
    const bindings = this.#registrar.bindingsOf(user);
    const binding = bindings.find((candidate) => isSameContact(candidate.contact, contact)) ?? bindings[0];
    return binding && this.#flows.get(binding.flowId);
  }

  #forwardAck({ flow, request }: Incoming): void {
    const { request: sent, passed } = this.#routes.strip(request);
    const target = passed.at(-1);
    const to = target && this.#findTarget(target, request.uri);
    if (!to || headerOf(request, 'max-forwards') === '0') return;
    const users = passed.map(({ user }) => user);
    this.#forwarder.forwardAck({ from: flow, to, toSide: target.side, received: request, sent, users });
  }

  #register(incoming: Incoming): void {
    const { flow, request } = incoming;
    const uri = readSipUri(readNameAddr(headerOf(request, 'to') ?? '')?.uri ?? '');
    if (!uri || uri.user === '') return this.#answer(incoming, { status: 400, reason: 'Bad To' });
    if (!this.#isOurs(uri)) return this.#answer(incoming, { status: 404 });
    const user = userKeyOf(uri);
    const challenge = this.#gate?.check(incoming, [user], 401);
    if (challenge) return this.#answer(incoming, challenge);
    const result = this.#registrar.register(user, flow.id, request);
    if (result.type === 'ok' && result.changed) {
      this.#registered.set(flow, (this.#registered.get(flow) ?? new Set()).add(user));
      const type = result.bindings.length > 0 ? 'registered' : 'unregistered';
      this.#tell({ type, flow: shortFlow(flow.id), user: maskUser(user) });
    }
    return this.#answer(incoming, registerAnswer(result, this.#options.clock()));
  }

  #answer(incoming: Incoming, answer: OwnAnswer): void {
    this.#forwarder.refuse(incoming, replyTo(incoming.request, answer));
  }

  #tell(event: ProxyEvent): void {
    try {
      this.#options.observer?.(event);
    } catch {
      // An observer's fault is its own; the call goes on.
    }
  }
}
