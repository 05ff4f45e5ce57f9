/** Why nothing was spoken; never the text, nor what the program said about it where the text is somebody's. */
export class SpeechError extends Error {
  override readonly name = 'SpeechError';
  readonly reason: 'not-started' | 'failed' | 'timed-out' | 'too-long' | 'no-sound' | 'stopped';

  constructor(reason: SpeechError['reason'], detail: string) {
    super(`The speech command ${detail}`);
    this.reason = reason;
  }
}

/** What the system says of a fault, such as ENOENT; never its message, which may hold what was to be spoken. */
export function codeOf(error: unknown): string {
  if (error instanceof Error) return 'code' in error ? String(error.code) : error.name;
  return 'unknown';
}
