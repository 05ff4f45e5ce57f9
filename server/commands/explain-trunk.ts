import type { Settings } from '../config.ts';
import type { TrunkConfig } from '../telephony/messages.ts';
import { trunksFor } from '../telephony/trunk-choice.ts';
import { nameOfTrunk } from './trunk.ts';
import type { TrunkFile } from './trunk-file.ts';

/** Where calls to a number go, in words for the operator. */
interface TrunkFinding {
  readonly carried: boolean;
  readonly words: string;
}

/** Which trunk a call to this number would take, and which next; how they are, only the server itself knows. */
export function trunkFinding(to: string, settings: Settings, file: TrunkFile | undefined): TrunkFinding {
  const all: readonly Pick<TrunkConfig, 'name' | 'prefixes'>[] = file?.trunks ?? [{ name: nameOfTrunk(settings) }];
  const [first, ...others] = trunksFor({ to }, all).map(({ name }) => name);
  if (first === undefined) {
    return { carried: false, words: `none carries such numbers (${all.map(({ name }) => name).join(', ')})` };
  }
  const words =
    others.length === 0 ? first : `${first}; where it fails before anything rang, ${others.join(', then ')}`;
  return { carried: true, words };
}
