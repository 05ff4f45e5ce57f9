import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import type { VerificationService } from '../verification/service.ts';
import { VerificationError } from '../verification/errors.ts';
import type { Verification } from '../verification/verification.ts';
import type { ApiKeys, Grant, Scope } from './api-keys.ts';
import { note } from './middleware/request-log.ts';
import { Problem } from './problem.ts';

/** Verifications that a visitor starts without any key belong to this party; no API key can have its name. */
const PUBLIC_PARTY = '*public';

/** Decides who may do what, from the Authorization header alone. */
export interface Access {
  /** On whose behalf this request creates. */
  creator(ctx: Context): string;
  /** Where a visitor's request came from; undefined when a relying party's server asks with its key. */
  visitorAddress(ctx: Context): string | undefined;
  /** The verification of this id, if the request's key or token opens it, and for a key also its scope. */
  verification(ctx: Context, id: string, scope?: 'read' | 'create'): Promise<Verification>;
  /** What a key with this scope sees: one relying party's, or, for an operator, everyone's. Tokens list nothing. */
  overview(ctx: Context, scope: 'read' | 'operate'): { readonly relyingParty?: string };
}

export interface AccessDeps {
  readonly apiKeys: ApiKeys;
  /** Visitors may create without a key. */
  readonly openCreate: boolean;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly verifications: Pick<VerificationService, 'get' | 'opens'>;
}

export function createAccess({ apiKeys, openCreate, addressOf, verifications }: AccessDeps): Access {
  return {
    creator(ctx) {
      const key = bearer(ctx);
      if (key === undefined) {
        if (openCreate) return PUBLIC_PARTY;
        throw unauthorized('To create a verification, send Authorization: Bearer with an API key.');
      }
      const grant = apiKeys.grantOf(key);
      if (grant === undefined) throw unauthorized('This API key is not known here.', 'invalid_token');
      noteKey(ctx, grant);
      refuseWithout('create', grant);
      // An operator's key has not the scope.
      return grant.relyingParty ?? PUBLIC_PARTY;
    },

    visitorAddress(ctx) {
      const secret = bearer(ctx);
      const isServer = secret !== undefined && apiKeys.grantOf(secret) !== undefined;
      return isServer ? undefined : addressOf(ctx.req);
    },

    async verification(ctx, id, scope = 'read') {
      const secret = bearer(ctx);
      if (secret === undefined) {
        throw unauthorized('Send Authorization: Bearer with the token of this verification, or with an API key.');
      }
      const grant = apiKeys.grantOf(secret);
      const found = await findOrNothing(verifications, id);
      const mayRead = found && (grant === undefined ? verifications.opens(secret, found) : covers(grant, found));
      // An unknown id, another party's id and a wrong token get one answer: a stranger learns nothing from it.
      if (!mayRead) {
        const detail = 'There is no verification with this id that the given key or token opens.';
        throw new Problem('verification_not_found', { detail });
      }
      const by = grant === undefined ? 'token' : kindOf(grant);
      note(ctx, { by, relyingParty: found.relyingParty, verificationId: found.id });
      if (grant) refuseWithout(scope, grant);
      return found;
    },

    overview(ctx, scope) {
      const key = bearer(ctx);
      const grant = key === undefined ? undefined : apiKeys.grantOf(key);
      if (grant === undefined) {
        const error = key === undefined ? undefined : 'invalid_token';
        throw unauthorized('This needs an API key: Authorization: Bearer <key>.', error);
      }
      noteKey(ctx, grant);
      refuseWithout(scope, grant);
      return grant.relyingParty === undefined ? {} : { relyingParty: grant.relyingParty };
    },
  };
}

function noteKey(ctx: Context, grant: Grant): void {
  const { relyingParty } = grant;
  note(ctx, { by: kindOf(grant), ...(relyingParty !== undefined && { relyingParty }) });
}

function kindOf({ relyingParty }: Grant): 'key' | 'operator' {
  return relyingParty === undefined ? 'operator' : 'key';
}

/** An operator's key names no relying party. */
function covers({ relyingParty }: Grant, verification: Verification): boolean {
  return relyingParty === undefined || relyingParty === verification.relyingParty;
}

/** RFC 6750 §3.1: the key is good, and not for this. */
function refuseWithout(scope: Scope, { scopes }: Grant): void {
  if (scopes.includes(scope)) return;
  throw new Problem('insufficient_scope', {
    detail: `This key has not the scope ${scope}.`,
    headers: { 'WWW-Authenticate': `Bearer realm="ringproof", error="insufficient_scope", scope="${scope}"` },
  });
}

async function findOrNothing(
  verifications: Pick<VerificationService, 'get'>,
  id: string,
): Promise<Verification | undefined> {
  try {
    return await verifications.get(id);
  } catch (error) {
    if (error instanceof VerificationError && error.code === 'verification_not_found') return undefined;
    throw error;
  }
}

function bearer(ctx: Context): string | undefined {
  const header = ctx.get('authorization');
  if (header === '') return undefined;
  const [, credentials] = /^bearer +([\w.~+/-]+=*) *$/i.exec(header) ?? [];
  if (credentials === undefined) {
    throw unauthorized('The Authorization header is not of the form: Bearer <secret>.', 'invalid_request');
  }
  return credentials;
}

/** RFC 9110 §11.6.1 asks for the challenge; its error words are those of RFC 6750 §3.1. */
function unauthorized(detail: string, error?: 'invalid_token' | 'invalid_request'): Problem {
  const challenge = `Bearer realm="ringproof"${error === undefined ? '' : `, error="${error}"`}`;
  return new Problem('unauthorized', { detail, headers: { 'WWW-Authenticate': challenge } });
}
