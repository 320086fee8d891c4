import { createHash } from 'node:crypto';
import type { Clock } from './ports.ts';

/**
 * Browsers that brought a valid key, each known by a token from then on. In memory: after a restart of the server they
 * bring the key again.
 */
export interface BrowserSessions {
  /** A new token, which is worth nothing but here. */
  open(): string;
  /** Whether there is a session with this token; it then lasts as long again. */
  allows(token: string | undefined): boolean;
  /** Unknown already: nothing happens. */
  close(token: string | undefined): void;
}

export interface BrowserSessionsParts {
  readonly clock: Pick<Clock, 'now'>;
  /** Random, and too long to be guessed. */
  readonly newToken: () => string;
  /** How many there may be; of more, those that were not used for longest go. */
  readonly most?: number;
}

/** Milliseconds that a session lasts after it was used last. */
export const SESSION_LASTS: number = 12 * 60 * 60 * 1000;

export function createBrowserSessions({
  clock,
  newToken,
  most = 10_000,
}: BrowserSessionsParts): BrowserSessions {
  /** By the tokens' digests, so that no time tells anything of a token; the one that was used last is the last. */
  const ends = new Map<string, number>();

  const keep = (key: string): void => {
    ends.delete(key);
    ends.set(key, clock.now() + SESSION_LASTS);
    for (const oldest of ends.keys()) {
      if (ends.size <= most) break;
      ends.delete(oldest);
    }
  };

  return {
    open: () => {
      const token = newToken();
      keep(digestOf(token));
      return token;
    },
    allows: (token) => {
      if (token === undefined) return false;
      const key = digestOf(token);
      const end = ends.get(key);
      if (end === undefined) return false;
      if (end <= clock.now()) {
        ends.delete(key);
        return false;
      }
      keep(key);
      return true;
    },
    close: (token) => {
      if (token !== undefined) ends.delete(digestOf(token));
    },
  };
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64');
