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

export function hasErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
