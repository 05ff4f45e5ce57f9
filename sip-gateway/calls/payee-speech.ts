import type { FromGateway } from '../../server/telephony/messages.ts';
import type { CallRequest } from '../../server/verification/ports.ts';
import { readAloud } from '../../server/verification/spelling.ts';
import type { Speech } from '../prompts/prompt-name.ts';
import { SpeechError } from '../prompts/speech-error.ts';
import type { SpeechEngine } from '../prompts/speech-engine.ts';

/** The payee of a call as the engine speaks it; undefined when it has to be spelled, for want of an engine or of its success. */
export async function speechOfPayee(
  { id, transaction, locale }: CallRequest,
  engine: Pick<SpeechEngine, 'speech'>,
  send: (message: FromGateway) => void,
): Promise<Speech | undefined> {
  const text = readAloud(transaction?.payee ?? '');
  if (text === '') return undefined;
  try {
    return await engine.speech(text, locale);
  } catch (error) {
    // Only what is known not to hold the text.
    const detail = error instanceof SpeechError ? error.message : 'unknown';
    send({ type: 'log', level: 'warn', event: 'speech.failed', fields: { callId: id, detail } });
    return undefined;
  }
}
