import { describe } from 'vitest';
import { createDatachannelEngine } from '../../../sip-gateway/media/datachannel-engine.ts';
import { mediaEngineContract } from '../../contract/media-engine.contract.ts';

describe('the libdatachannel engine', () => {
  mediaEngineContract(createDatachannelEngine);
});
