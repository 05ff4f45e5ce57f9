import type { Router } from '@koa/router';
import type { Readable } from 'node:stream';
import type { Context } from 'koa';
import type { VerificationService } from '../../verification/service.ts';
import type { Verification } from '../../verification/verification.ts';
import type { Access } from '../access.ts';
import { checkParser, parseCreate, parseNothing } from '../body.ts';
import type { VerificationListView } from '../contract.ts';
import { cursorOf, readListQuery } from '../list-query.ts';
import { note } from '../middleware/request-log.ts';
import { chooseLocale, type Locales } from '../locale.ts';
import { Problem } from '../problem.ts';
import { localesFor, refuseMethod, type PartyDirectory } from '../relying-parties.ts';
import { withReceipt, type ReceiptIssuer } from '../receipt-issuer.ts';
import { checkViewOf, createdViewOf, operatorViewOf, pricedViewOf, viewOf, viewTextOf } from '../view.ts';

/** Where a page reads along; undefined when there is nothing more to come. */
export interface EventSource {
  open(current: Verification, lastSeen?: number): Readable | undefined;
}

export interface VerificationRoutesDeps {
  readonly verifications: VerificationService;
  readonly access: Access;
  readonly events: EventSource;
  readonly locales: () => Locales;
  /** Of a destination as it was typed, ISO 3166; undefined when it is no number of the telephone network. */
  readonly countryOf: (to: string) => string | undefined;
  readonly codeLength: number;
  readonly receipts: ReceiptIssuer | undefined;
  readonly parties: PartyDirectory;
}

const ONE = '/v1/verifications/:id';
const JSON_TYPE = 'application/json; charset=utf-8';

export function verificationRoutes(router: Router, deps: VerificationRoutesDeps): void {
  const { verifications, access, events, locales, countryOf, receipts, parties } = deps;
  const parseCheck = checkParser(deps.codeLength);

  router.post('/v1/verifications', async (ctx) => {
    const relyingParty = access.creator(ctx);
    note(ctx, { relyingParty });
    const { locale, ...body } = parseCreate(ctx.request.body);
    note(ctx, { to: body.to });
    const idempotencyKey = readIdempotencyKey(ctx);
    const party = parties.find(relyingParty);
    refuseMethod(body.method, party);
    const address = access.visitorAddress(ctx);
    const wishes = {
      asked: locale,
      acceptLanguage: ctx.get('accept-language'),
      country: () => countryOf(body.to),
    };
    const created = await verifications.create({
      ...body,
      relyingParty,
      locale: chooseLocale(wishes, localesFor(party, locales())),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
      ...(address !== undefined && { address }),
      ...(party?.trunk !== undefined && { trunk: party.trunk }),
    });
    noteCall(ctx, created.verification);
    ctx.status = 201;
    ctx.set('Location', `/v1/verifications/${created.verification.id}`);
    answer(ctx, JSON.stringify(createdViewOf(created)));
  });

  router.get('/v1/verifications', async (ctx) => {
    const scope = access.overview(ctx, 'read');
    const { limit, ...query } = readListQuery(ctx.query);
    // One more than asked for tells whether there is a next page.
    const { items } = await verifications.list({ ...query, ...scope, limit: limit + 1 });
    const page = items.slice(0, limit);
    const last = page.at(-1);
    ctx.body = {
      verifications: page.map(scope.relyingParty === undefined ? pricedViewOf : operatorViewOf),
      ...(items.length > limit && last && { nextCursor: cursorOf(last) }),
    } satisfies VerificationListView;
  });

  router.get(ONE, async (ctx) => {
    const found = await access.verification(ctx, idOf(ctx));
    if (receipts && found.status === 'verified') {
      ctx.body = await withReceipt(viewOf(found), found, receipts);
      return;
    }
    answer(ctx, viewTextOf(found));
  });

  router.post(`${ONE}/check`, async (ctx) => {
    const { id } = await access.verification(ctx, idOf(ctx), 'create');
    const { code } = parseCheck(ctx.request.body);
    const checked = await verifications.check(id, code);
    answer(ctx, JSON.stringify(await withReceipt(checkViewOf(checked), checked, receipts)));
  });

  router.get(`${ONE}/events`, async (ctx) => {
    const current = await access.verification(ctx, idOf(ctx));
    const stream = events.open(current, readLastEventId(ctx));
    if (!stream) {
      // WHATWG HTML §9.2.3: 204 tells an EventSource not to come back.
      ctx.status = 204;
      return;
    }
    ctx.set('X-Accel-Buffering', 'no');
    // The type alone: event streams are always UTF-8 (WHATWG HTML §9.2.1).
    ctx.set('Content-Type', 'text/event-stream');
    ctx.body = stream;
  });

  router.post(`${ONE}/calls`, async (ctx) => {
    const { id } = await access.verification(ctx, idOf(ctx), 'create');
    parseNothing(ctx.request.body);
    const called = await verifications.callAgain(id, access.visitorAddress(ctx));
    noteCall(ctx, called.verification);
    ctx.status = 201;
    ctx.body = createdViewOf(called);
  });

  router.delete(ONE, async (ctx) => {
    const { id } = await access.verification(ctx, idOf(ctx), 'create');
    ctx.body = viewOf(await verifications.cancel(id));
  });
}

/** To say the type costs Koa less than to find it out. */
function answer(ctx: Context, json: string): void {
  ctx.set('Content-Type', JSON_TYPE);
  ctx.body = json;
}

function noteCall(ctx: Context, { id, call }: Verification): void {
  note(ctx, { verificationId: id, callId: call.id });
}

function idOf(ctx: { readonly params: Readonly<Record<string, string>> }): string {
  return ctx.params['id'] ?? '';
}

function readIdempotencyKey(ctx: Context): string | undefined {
  const key = ctx.get('idempotency-key');
  if (ctx.headers['idempotency-key'] === undefined) return undefined;
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new Problem('invalid_idempotency_key', {
    detail: 'An Idempotency-Key has 1 to 255 visible ASCII characters; a UUID is good.',
  });
}

/** Anything but a revision of ours is as good as nothing: the reader then gets the current state. */
function readLastEventId(ctx: Context): number | undefined {
  const id = ctx.get('last-event-id');
  return /^\d{1,9}$/.test(id) ? Number(id) : undefined;
}
