import type { Context } from 'koa';
import type { VerificationService } from '../verification/service.ts';
import { VerificationError } from '../verification/errors.ts';
import type { Verification } from '../verification/verification.ts';
import type { ApiKeys } from './api-keys.ts';
import { Problem } from './problem.ts';

/** Verifications that a visitor starts without any key belong to this party; no API key can have its name. */
const PUBLIC_PARTY = '*public';

/** Decides who may do what, from the Authorization header alone. */
export interface Access {
  /** On whose behalf this request creates. */
  creator(ctx: Context): string;
  /** The verification of this id, if the request's key or token opens it. */
  verification(ctx: Context, id: string): Promise<Verification>;
}

export interface AccessDeps {
  readonly apiKeys: ApiKeys;
  /** Visitors may create without a key. */
  readonly openCreate: boolean;
  readonly verifications: Pick<VerificationService, 'get' | 'opens'>;
}

export function createAccess({ apiKeys, openCreate, verifications }: AccessDeps): Access {
  return {
    creator(ctx) {
      const key = bearer(ctx);
      if (key === undefined) {
        if (openCreate) return PUBLIC_PARTY;
        throw unauthorized('To create a verification, send Authorization: Bearer with an API key.');
      }
      const owner = apiKeys.ownerOf(key);
      if (owner === undefined) throw unauthorized('This API key is not known here.', 'invalid_token');
      return owner;
    },

    async verification(ctx, id) {
      const secret = bearer(ctx);
      if (secret === undefined) {
        throw unauthorized('Send Authorization: Bearer with the token of this verification, or with an API key.');
      }
      const owner = apiKeys.ownerOf(secret);
      const found = await findOrNothing(verifications, id);
      const mayRead =
        found && (owner === undefined ? verifications.opens(secret, found) : owner === found.relyingParty);
      // An unknown id, another party's id and a wrong token get one answer: a stranger learns nothing from it.
      if (!mayRead) {
        const detail = 'There is no verification with this id that the given key or token opens.';
        throw new Problem('verification_not_found', { detail });
      }
      return found;
    },
  };
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
