import { call } from './call.ts';
import { forgetKey } from './session.ts';

/** Takes the cookie back and forgets the key; what was shown goes with the page. */
export async function signOut(): Promise<void> {
  try {
    await call('closeSession', {});
  } finally {
    forgetKey();
    location.reload();
  }
}
