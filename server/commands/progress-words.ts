import type { CallStateName, CreatedVerificationView, VerificationView } from '../http/contract.ts';

const STEPS = {
  queued: 'The call is about to be placed',
  dialing: 'Dialing',
  ringing: 'The phone is ringing',
  answered: 'Answered',
  speaking: 'The voice says the code',
  collecting: 'The voice waits for the code',
  verdict: 'The voice says the result',
  ended: 'The call has ended',
} as const satisfies Record<Exclude<CallStateName, 'gate'>, string>;

/** Tells the views of one verification in a line each; nothing of one that says nothing new to a person. */
export class ProgressTeller {
  #step = '';
  #result = '';

  tell(view: VerificationView): string | undefined {
    const step = stepOf(view);
    const result = resultOf(view);
    const isNewStep = step !== this.#step;
    const isNewResult = result !== this.#result;
    this.#step = step;
    this.#result = result;
    if (!isNewStep) return isNewResult ? `The result: ${result}` : undefined;
    return result === '' ? step : `${step} [${result}]`;
  }
}

function stepOf({ method, call, status, attemptsLeft, gateDigits = 1 }: VerificationView): string {
  const keys =
    call.state === 'collecting' && call.keys > 0 ? `: ${call.keys} ${call.keys === 1 ? 'key' : 'keys'} so far` : '';
  const outcome = call.outcome === undefined ? '' : `: ${call.outcome}`;
  const left = status === 'pending' && attemptsLeft < 5 ? ` (${attemptsLeft} attempts left)` : '';
  return `${stateInWords(method, call.state, gateDigits)}${keys}${outcome}${left}`;
}

function stateInWords(method: VerificationView['method'], state: CallStateName, gateDigits: number): string {
  if (method === 'dial-in' && state === 'queued') return 'Waiting for the call';
  if (state !== 'gate') return STEPS[state];
  return `The voice asks for ${gateDigits > 1 ? `${gateDigits} digits` : 'one digit'}, to know that a person is there`;
}

function resultOf({ status, reason }: VerificationView): string {
  return status === 'pending' ? '' : `${status}${reason === undefined ? '' : `, ${reason}`}`;
}

/** What the visitor has to do, and what page and call share. */
export function instruction(created: CreatedVerificationView): string {
  const { word, transaction, extension } = created;
  return [
    ...(extension === undefined ? [] : [`To the switchboard that answers these are keyed: ${extension}`]),
    ...(transaction ? [`You approve a payment of ${transaction.amount} to ${transaction.payee}`] : []),
    ...(word === undefined ? [] : [`The call will say the word: ${word}`]),
    toDo(created),
  ].join('\n');
}

function toDo({ method, code, dialIn, gateDigits = 1 }: CreatedVerificationView): string {
  if (method === 'dial-in') {
    return `Call ${dialIn?.number ?? ''} from that phone, and key this code: ${inGroups(code ?? '')}`;
  }
  const digits = gateDigits > 1 ? `the ${gateDigits} digits` : 'the digit';
  const gate = gateDigits === 0 ? '' : ` press ${digits} that the voice asks for,`;
  return method === 'keypad' && code !== undefined
    ? `Answer the phone,${gate} then key this code: ${inGroups(code)}`
    : `Answer the phone,${gate} then type here the code that it says.`;
}

/** Three by three, as people read numbers. */
export function inGroups(code: string): string {
  return code.replaceAll(/\d{3}(?=\d)/g, '$& ');
}
