import type { Settings } from '../config.ts';
import { decodeKeyRing, type KeyRing } from '../receipts/key-ring.ts';
import { Receipts } from '../receipts/receipts.ts';
import { keepJson, type KeptJson } from '../storage/kept-json.ts';
import { fileBeside } from '../storage/open-store.ts';
import type { Closers } from './closers.ts';

interface OpenReceiptsOptions {
  readonly closers: Closers;
  readonly now: () => number;
  readonly onError: (error: unknown, what: string) => void;
}

/** Opens the receipt keys beside the store, and makes them at the first start. */
export async function openReceipts(
  settings: Settings,
  { closers, now, onError }: OpenReceiptsOptions,
): Promise<Receipts> {
  const file = await keyRingFile(settings);
  closers.add(async () => file.close());
  return Receipts.open({
    file,
    issuer: settings.RINGPROOF_ISSUER,
    now,
    onError: (error) => onError(error, 'reading the receipt keys'),
  });
}

export async function keyRingFile({ RINGPROOF_STORE: url }: Settings): Promise<KeptJson<KeyRing>> {
  return keepJson(fileBeside(url, 'receipt-keys'), decodeKeyRing);
}
