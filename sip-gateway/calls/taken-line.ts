import type { TrunkConfig } from '../../server/telephony/messages.ts';
import type { IncomingCall } from '../agent/incoming-call.ts';
import type { LinePlacer } from './call.ts';

/** A call that came in on this trunk, in place of one that would be dialled: it is answered. */
export function takenLine(incoming: IncomingCall, trunk: TrunkConfig): LinePlacer {
  return {
    place(_route, events) {
      events.onTrying(trunk, incoming.media);
      incoming.answer({
        onAnswered: () => events.onAnswered(),
        onMedia: () => events.onMedia(),
        onInfo: (info) => events.onInfo(info),
        onEnded: (end) => events.onEnded({ ...end, trunk: trunk.name }),
      });
      return incoming;
    },
    drop: () => incoming.hangUp('canceled'),
  };
}
