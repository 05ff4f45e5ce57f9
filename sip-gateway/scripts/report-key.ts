import type { CallScript, Key, ScriptAction, ScriptEvent, ScriptStep } from './call-script.ts';
import { type Farewell, type Over, stepFarewell } from './farewell.ts';
import { reportHint } from './utterances.ts';

/**
 * A report is the key on its own: no other key so long before it or after it. Whoever keys the code from the page
 * too early, or a spoken code into the phone, keys faster than this.
 */
const ALONE_MS = 2000;
/** How long the question whether it was meant stands before the script goes on; as for a first key. */
const ASKED_MS = 10_000;
/** How long the web server may take to write the number down. */
const ANSWER_LIMIT = 10_000;

export interface ReportKeyOptions<State> {
  /** A digit. */
  readonly key: Key;
  /** The keys of the code that the script is collecting; undefined while it collects none. */
  readonly codeKeys: (state: State) => string | undefined;
}

export type ReportableState<State> = Watching<State> | Reporting | Farewell | Over;

interface Watching<State> {
  readonly phase: 'watching';
  readonly script: State;
  readonly hasStarted: boolean;
  /** When a key was last pressed for something else; milliseconds. */
  readonly otherKeyAt: number;
  /** The key was pressed, so far on its own. */
  readonly isPressed: boolean;
  /** The code may begin with this key, so it was asked whether it was meant. */
  readonly isAsked: boolean;
}

interface Reporting {
  readonly phase: 'reporting';
  readonly hasStarted: boolean;
  /** The web server's answer. */
  readonly kept?: boolean;
}

/**
 * Any call script, with a key for "that was not me": at every prompt it ends the call as `reported`, and the
 * number is never called again (docs/not-me.md).
 *
 * While a code is collected the key is a digit like another, and every code is possible. What no code is: nothing but
 * this key, and then no more. So an entry of this key alone, ended by silence, is asked about once, "if you did not
 * ask for this call, please press …", and the same again, or `#`, is the report. Another digit goes on with the code.
 */
export function withReportKey<State>(
  script: CallScript<State>,
  { key, codeKeys }: ReportKeyOptions<State>,
): CallScript<ReportableState<State>> {
  type Step = ScriptStep<ReportableState<State>>;
  const hint = reportHint(key);

  return {
    initial: {
      phase: 'watching',
      script: script.initial,
      hasStarted: false,
      otherKeyAt: Number.NEGATIVE_INFINITY,
      isPressed: false,
      isAsked: false,
    },

    step(state, event, now) {
      if (state.phase === 'reporting') return reporting(state, event);
      if (state.phase !== 'watching') return stepFarewell(state, event);
      const next = watching(state, event, now);
      // The script has hung up: a key pressed meanwhile is nobody's any more.
      return next.actions.some(({ type }) => type === 'hang-up') ? { ...next, state: { phase: 'over' } } : next;
    },
  };

  function watching(state: Watching<State>, event: ScriptEvent, now: number): Step {
    if (event.type === 'key') return event.key === key ? pressed(state, now) : otherKey(state, event.key, now);
    if (event.type === 'quiet') return state.isPressed ? alone(state) : { state, actions: [] };
    if (event.type === 'gone') {
      return { state: { phase: 'over' }, actions: lastReport(state) };
    }
    const next = forwarded({ ...state, hasStarted: state.hasStarted || event.type === 'started' }, event, now);
    if (!next.actions.some(({ type }) => type === 'hang-up')) return next;
    return { state: { phase: 'over' }, actions: [...lastReport(state), ...next.actions] };
  }

  /** Whoever presses it and hangs up has said it; with a code half keyed, a call may also just have dropped. */
  function lastReport(state: Watching<State>): readonly ScriptAction[] {
    return state.isPressed && isMeant(state) ? [{ type: 'report' }] : [];
  }

  function forwarded(state: Watching<State>, event: ScriptEvent, now: number): ScriptStep<Watching<State>> {
    const { state: next, actions } = script.step(state.script, event, now);
    const isAsked = state.isAsked && (codeKeys(next) ?? '') !== '';
    return { state: { ...state, script: next, isAsked }, actions };
  }

  function otherKey(state: Watching<State>, other: Key, now: number): Step {
    if (other === '#' && state.isPressed && (codeKeys(state.script) ?? '') !== '') return report(state);
    const after = { ...state, otherKeyAt: now, isPressed: false, isAsked: false };
    return forwarded(after, { type: 'key', key: other }, now);
  }

  function pressed(state: Watching<State>, now: number): Step {
    if (codeKeys(state.script) !== undefined) return keyed(state, now);
    if (now - state.otherKeyAt < ALONE_MS) return { state, actions: [] };
    return { state: { ...state, isPressed: true }, actions: [{ type: 'await-quiet', ms: ALONE_MS }] };
  }

  /** A digit of the code, until silence says otherwise. */
  function keyed(state: Watching<State>, now: number): Step {
    const { state: next, actions } = forwarded(state, { type: 'key', key }, now);
    const entry = codeKeys(next.script) ?? '';
    const isPressed = entry !== '' && entry === key.repeat(entry.length);
    const quiet: readonly ScriptAction[] = isPressed ? [{ type: 'await-quiet', ms: ALONE_MS }] : [];
    return { state: { ...next, otherKeyAt: now, isPressed }, actions: [...actions, ...quiet] };
  }

  function alone(state: Watching<State>): Step {
    if (isMeant(state)) return report(state);
    const ask: readonly ScriptAction[] = [
      { type: 'play', utterance: hint },
      { type: 'wait', ms: ASKED_MS },
    ];
    return { state: { ...state, isPressed: false, isAsked: true }, actions: ask };
  }

  function isMeant({ script: state, isAsked }: Watching<State>): boolean {
    return isAsked || (codeKeys(state) ?? '') === '';
  }

  function report({ hasStarted }: Watching<State>): Step {
    return {
      state: { phase: 'reporting', hasStarted },
      actions: [
        { type: 'stop-playing' },
        { type: 'wait', ms: ANSWER_LIMIT },
        { type: 'progress', state: 'verdict' },
        { type: 'report' },
      ],
    };
  }
}

/** The number is written down before it is promised that it will not be called. */
function reporting(state: Reporting, event: ScriptEvent): ScriptStep<Reporting | Farewell | Over> {
  if (event.type === 'waited') return sayReported(false);
  if (event.type === 'gone') return { state: { phase: 'over' }, actions: [] };
  const hasStarted = state.hasStarted || event.type === 'started';
  const kept = event.type === 'report-answer' ? event.kept : state.kept;
  if (hasStarted && kept !== undefined) return sayReported(kept);
  return { state: { phase: 'reporting', hasStarted, ...(kept !== undefined && { kept }) }, actions: [] };
}

function sayReported(kept: boolean): ScriptStep<Farewell> {
  return {
    state: { phase: 'farewell', outcome: 'reported' },
    actions: [
      { type: 'stop-waiting' },
      { type: 'play', utterance: [kept ? 'report-done' : 'verdict-failed', { pause: 300 }, 'goodbye'] },
    ],
  };
}
