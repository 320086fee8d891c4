import type { Session } from './session.ts';

/**
 * What a process had done on the disk when it was killed, the next one sees there and agrees on. Were it lost with the
 * power after that, the version before it would read as an edit and go to everyone (D02): once, before anything is
 * looked at, all of it is made durable.
 */
export async function makeDurable(session: Session): Promise<void> {
  if (session.isDurable) return;
  await session.disk.syncAll();
  session.isDurable = true;
}
