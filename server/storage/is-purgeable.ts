import type { Verification } from '../verification/verification.ts';

/** Finished, and last changed before this time. */
export function isPurgeable({ status, updatedAt }: Verification, finishedBefore: number): boolean {
  return status !== 'pending' && updatedAt < finishedBefore;
}
