import type { CreatedVerificationView, VerificationView } from '../http/contract.ts';

const STEPS = {
  queued: 'The call is about to be placed',
  dialing: 'Dialing',
  ringing: 'The phone is ringing',
  answered: 'Answered',
  gate: 'The voice asks for one digit, to know that a person is there',
  speaking: 'The voice says the code',
  collecting: 'The voice waits for the code',
  verdict: 'The voice says the result',
  ended: 'The call has ended',
} as const satisfies Record<VerificationView['call']['state'], string>;

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

function stepOf({ method, call, status, attemptsLeft }: VerificationView): string {
  const keys =
    call.state === 'collecting' && call.keys > 0 ? `: ${call.keys} ${call.keys === 1 ? 'key' : 'keys'} so far` : '';
  const outcome = call.outcome === undefined ? '' : `: ${call.outcome}`;
  const left = status === 'pending' && attemptsLeft < 5 ? ` (${attemptsLeft} attempts left)` : '';
  const step = method === 'dial-in' && call.state === 'queued' ? 'Waiting for the call' : STEPS[call.state];
  return `${step}${keys}${outcome}${left}`;
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

function toDo({ method, code, dialIn }: CreatedVerificationView): string {
  if (method === 'dial-in') {
    return `Call ${dialIn?.number ?? ''} from that phone, and key this code: ${inGroups(code ?? '')}`;
  }
  return method === 'keypad' && code !== undefined
    ? `Answer the phone, press the digit that the voice asks for, then key this code: ${inGroups(code)}`
    : 'Answer the phone, press the digit that the voice asks for, then type here the code that it says.';
}

/** Three by three, as people read numbers. */
export function inGroups(code: string): string {
  return code.replaceAll(/\d{3}(?=\d)/g, '$& ');
}
