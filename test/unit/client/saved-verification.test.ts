import { describe, expect, it } from 'vitest';
import { VerificationMemory, type TabStorage } from '../../../client/visitor/saved-verification.ts';

const SAVED = {
  id: 'ver_1',
  token: 't',
  code: '482913',
  callId: 'call_1',
  seen: ['dialing'],
} as const;

function blocked(): never {
  throw new Error('SecurityError');
}

function aStorage(): TabStorage & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

describe('the verification that a tab keeps', () => {
  it('comes back after a reload, with the code that the server will not say again', () => {
    const storage = aStorage();
    new VerificationMemory(storage).write(SAVED);
    expect(new VerificationMemory(storage).read()).toEqual(SAVED);
  });

  it('is gone once forgotten', () => {
    const memory = new VerificationMemory(aStorage());
    memory.write(SAVED);
    memory.forget();
    expect(memory.read()).toBeUndefined();
  });

  it.each(['', '{', '{}', 'null', '{"id":1}'])('is none when what is stored is damaged: %s', (text) => {
    const storage = aStorage();
    new VerificationMemory(storage).write(SAVED);
    for (const key of storage.kept.keys()) storage.kept.set(key, text);
    expect(new VerificationMemory(storage).read()).toBeUndefined();
  });

  it('is none, and no fault, where the browser blocks storage', () => {
    const memory = new VerificationMemory({ getItem: blocked, setItem: blocked, removeItem: blocked });
    memory.write(SAVED);
    memory.forget();
    expect(memory.read()).toBeUndefined();
  });
});
