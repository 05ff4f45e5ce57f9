import { setImmediate } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { MemoryStore } from '../../server/storage/memory-store.ts';
import type { Admission, DoNotCall, VerificationStore } from '../../server/verification/ports.ts';
import type { NumberPlan } from '../../server/verification/phone-number.ts';
import { DEFAULT_POLICY, type VerificationPolicy } from '../../server/verification/policy.ts';
import type { Created, CreateRequest, DialInOptions, VerificationService } from '../../server/verification/service.ts';
import { createVerificationService } from '../../server/verification/verification-unit.ts';
import type { Verification } from '../../server/verification/verification.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeTelephony } from '../fakes/fake-telephony.ts';
import { NUMBERS_AS_TYPED } from '../fakes/numbers-as-typed.ts';

export const A_NUMBER = '+12025550123';
export const ANOTHER_NUMBER = '+12025550124';
export const DIAL_IN_NUMBER = '+12025550199';

const DIAL_IN: DialInOptions = { number: DIAL_IN_NUMBER, locale: 'en', validation: 'refuse-failed' };

export interface World {
  readonly service: VerificationService;
  readonly store: VerificationStore;
  readonly telephony: FakeTelephony;
  readonly clock: FakeClock;
  /** Every change the service told of, in order. */
  readonly changes: Verification[];
  readonly errors: unknown[];
  create(overrides?: Partial<CreateRequest>): Promise<Created>;
  /** The change by which this verification is over, once it is stored. */
  over(id: string): Promise<Verification>;
}

export interface WorldOptions {
  readonly policy?: Partial<VerificationPolicy>;
  readonly store?: VerificationStore;
  readonly numbers?: NumberPlan;
  readonly admission?: Admission;
  readonly doNotCall?: DoNotCall;
  readonly clock?: FakeClock;
  readonly dialIn?: Partial<DialInOptions> | 'off';
  readonly onChange?: (verification: Verification) => void;
}

/** A service with everything around it under the test's control. */
export function verificationWorld(options: WorldOptions = {}): World {
  const store = options.store ?? new MemoryStore();
  const telephony = new FakeTelephony();
  const clock = options.clock ?? new FakeClock();
  const changes: Verification[] = [];
  const errors: unknown[] = [];
  const listeners = new Set<() => void>();
  const service = createVerificationService({
    store,
    telephony,
    numbers: options.numbers ?? NUMBERS_AS_TYPED,
    policy: { ...DEFAULT_POLICY, ...options.policy },
    secret: new Uint8Array(32).fill(7),
    now: clock.now,
    ...(options.admission && { admission: options.admission }),
    ...(options.doNotCall && { doNotCall: options.doNotCall }),
    ...(options.dialIn !== 'off' && { dialIn: { ...DIAL_IN, ...options.dialIn } }),
    onChange: (verification) => {
      changes.push(verification);
      for (const listener of listeners) listener();
      options.onChange?.(verification);
    },
    onError: (error) => errors.push(error),
  });
  onTestFinished(async () => service.close());
  const create = async (overrides: Partial<CreateRequest> = {}): Promise<Created> =>
    service.create({ relyingParty: 'shop', to: A_NUMBER, method: 'keypad', locale: 'en', ...overrides });
  const over = async (id: string): Promise<Verification> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = changes.find((change) => change.id === id && change.status !== 'pending');
        if (!found) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
    });
  return { service, store, telephony, clock, changes, errors, create, over };
}

/** The verification once everything that the fake calls have reported is stored: memory needs no more than microtasks. */
export async function settled({ service }: World, id: string): Promise<Verification> {
  await setImmediate();
  return service.get(id);
}

/** A code of the right form that is not this one. */
export function notThe(code: string): string {
  return code === '000000' ? '000001' : '000000';
}

/** The code of the last call, wherever it is to be seen: on the page, or in the order to speak it. */
export function codeOf({ telephony }: World, { code }: Created): string {
  const seen = code ?? telephony.last.request.code;
  if (seen === undefined) throw new Error('There is no code to be seen');
  return seen;
}
