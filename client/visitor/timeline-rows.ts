import type { CallStateName, MethodName, OutcomeName, VerificationView } from '../../server/http/contract.ts';

export type StepName = Exclude<CallStateName, 'ended'>;
/** A row of the timeline: a step of the call, or how the call ended. */
export type TimelineRow =
  | { readonly step: StepName; readonly phase: 'done' | 'now' | 'next' }
  | { readonly outcome: OutcomeName; readonly isGood: boolean };

const PLANS: Readonly<Record<MethodName, readonly StepName[]>> = {
  keypad: ['dialing', 'ringing', 'answered', 'gate', 'collecting', 'verdict'],
  spoken: ['dialing', 'ringing', 'answered', 'gate', 'speaking', 'verdict'],
  'dial-in': ['queued', 'ringing', 'answered', 'collecting', 'verdict'],
};

/**
 * The steps of a call with those that are over, the one that lasts and those to come. A step that the call went past
 * without stopping there is left out; so are the gate where the operator has turned it off, and what an ended
 * call never reached.
 * @param seen every state that this call has been seen in.
 */
export function timelineRows(view: VerificationView, seen: ReadonlySet<CallStateName>): readonly TimelineRow[] {
  const { state, outcome } = view.call;
  const steps = PLANS[view.method].filter((step) => step !== 'gate' || view.gateDigits !== 0);
  if (state === 'ended') {
    const reached = steps.filter((step) => seen.has(step)).map((step) => ({ step, phase: 'done' }) as const);
    const ending = outcome ?? 'completed';
    return [...reached, { outcome: ending, isGood: ending === 'completed' }];
  }
  const current: StepName = state;
  const plan = withCurrent(steps, current);
  const at = plan.indexOf(current);
  return plan.flatMap((step, index): TimelineRow[] => {
    if (index === at) return [{ step, phase: 'now' }];
    if (index > at) return [{ step, phase: 'next' }];
    return seen.has(step) || !MAY_BE_SKIPPED.has(step) ? [{ step, phase: 'done' }] : [];
  });
}

/** These happen in some calls only; the others happen in each, seen or not. */
const MAY_BE_SKIPPED: ReadonlySet<StepName> = new Set(['ringing', 'gate']);

/** A call that waits for a line shows that in place of its first step. */
function withCurrent(plan: readonly StepName[], current: StepName): readonly StepName[] {
  return plan.includes(current) ? plan : [current, ...plan.slice(1)];
}
