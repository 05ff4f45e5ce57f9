import { describe } from 'vitest';
import { MemoryStore } from '../../../server/storage/memory-store.ts';
import { verificationStoreContract } from '../../contract/verification-store.contract.ts';

describe('MemoryStore', () => {
  verificationStoreContract(async () => new MemoryStore());
});
