import { VerificationError } from '../verification/errors.ts';

export type StorageErrorCode = 'damaged' | 'missing' | 'in-use' | 'unsupported' | 'write-failed' | 'closed';

/** The store cannot be used as asked; the message says which file and what to do, and holds no stored value. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;
  readonly file: string | undefined;

  constructor(code: StorageErrorCode, message: string, details: { file?: string; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.file = details.file;
  }
}

export function damaged(file: string, what: string, cause?: unknown): StorageError {
  return new StorageError('damaged', `${file} is damaged (${what}); it was left as it is: restore it from a copy`, {
    file,
    cause,
  });
}

export function missing(file: string): StorageError {
  return new StorageError('missing', `${file} is missing: restore it from a copy, or the verifications in it`, {
    file,
  });
}

export function hasErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

const TRY_AGAIN_SECONDS = 10;

/** What those who asked for a change are told; its cause, the first that failed, is for the operator. */
export function writeFailed(file: string, cause: unknown): VerificationError {
  if (cause instanceof VerificationError) return cause;
  return new VerificationError('storage_unavailable', 'Nothing can be stored at the moment; try again later', {
    retryAfterSeconds: TRY_AGAIN_SECONDS,
    cause: new StorageError('write-failed', `${file} could not be written`, { file, cause }),
  });
}
