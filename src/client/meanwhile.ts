import { offerMeanwhile } from './offer-meanwhile.ts';
import { isWelcome } from './offerable.ts';
import type { Meanwhile } from './record-present.ts';
import { muchOf } from './room.ts';
import { SendMeanwhile } from './send-meanwhile.ts';
import type { Session } from './session.ts';

/** What a round does while there is much to read. One large file at a time is followed: what is gathered of it takes memory. */
export function meanwhile(session: Session): Meanwhile {
  let following: SendMeanwhile | undefined;
  return {
    offer: () => offerMeanwhile(session),
    follow: (file) => {
      if (following?.isOver === false) return undefined;
      if (file.size < muchOf(session).bytes || !isWelcome(session, file)) return undefined;
      following = new SendMeanwhile(session.api);
      return following;
    },
  };
}
