import type { Session } from './session.ts';

/**
 * What a process had done on the disk when it was killed, the next one sees there and agrees on. Were it lost with the
 * power after that, the version before it would read as an edit and go to everyone (D02): once, before anything of what
 * was looked at is recorded, all of it is made durable. Begun with the first round, as the disk may be at it for long.
 */
export async function makeDurable(session: Session): Promise<void> {
  try {
    session.durable ??= session.disk.syncAll();
    await session.durable;
  } catch (error) {
    session.durable = undefined;
    throw error;
  }
}

/** Whoever asks for it before something is recorded is told what went wrong. */
export function beginDurable(session: Session): void {
  session.durable ??= session.disk.syncAll();
  session.durable.catch(() => {});
}
