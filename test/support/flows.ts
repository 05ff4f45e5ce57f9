import type { CallMedia } from '../../sip-gateway/sip/call-media.ts';
import { until } from './until.ts';

/** Whether a packet gets through, from the one side to the other. */
export async function flows(from: CallMedia, packets: readonly unknown[]): Promise<boolean> {
  const before = packets.length;
  const { payloadType = 0 } = from.negotiated ?? {};
  await until(() => {
    from.send(from.stream.next(new Uint8Array(160), { payloadType, time: 0 }));
    return packets.length > before;
  });
  return true;
}
