import type { Following } from './observe.ts';
import { offerMeanwhile } from './offer-meanwhile.ts';
import { isWelcome } from './offerable.ts';
import { type Meanwhile, muchOf } from './scan.ts';
import { SendMeanwhile } from './send-meanwhile.ts';
import type { Session } from './session.ts';

/** What a round does while there is much to read. One large file at a time is followed: what is gathered of it takes memory. */
export function meanwhile(session: Session): Meanwhile {
  let isFollowing = false;
  return {
    offer: () => offerMeanwhile(session),
    follow: (file) => {
      if (isFollowing || file.size < muchOf(session).bytes || !isWelcome(session, file))
        return undefined;
      isFollowing = true;
      return following(new SendMeanwhile(session.api), () => {
        isFollowing = false;
      });
    },
  };
}

const following = (sending: SendMeanwhile, over: () => void): Following => ({
  take: (bytes) => sending.take(bytes),
  end: (ref) => sending.end(ref),
  ready: () => sending.ready(),
  finish: () => sending.finish().finally(over),
});
