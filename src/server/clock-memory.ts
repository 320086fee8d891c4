import type { Clock } from './ports.ts';

/** A clock that stands still until it is moved by hand. */
export interface MemoryClock extends Clock {
  /**
   * Moves the time on, waking the sleepers in the order in which they are due (those due at once:
   * in the order in which they lay down). Each finds the time that it asked for, and has run until its
   * next wait for something other than a promise before the next is woken.
   */
  advance(ms: number): Promise<void>;
  /** How many sleep. */
  readonly sleeping: number;
}

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** Starts at `start`, in milliseconds since 1970. */
export function memoryClock(start = 0): MemoryClock {
  const sleepers = new Set<Sleeper>();
  let time = start;

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted || !(ms > 0)) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { due: time + ms, wake };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', wake);
    });
  }

  async function advance(ms: number): Promise<void> {
    const end = time + ms;
    await settle();
    for (let next = first(sleepers); next && next.due <= end; next = first(sleepers)) {
      time = Math.max(time, next.due);
      next.wake();
      await settle();
    }
    time = Math.max(time, end);
  }

  return {
    now: () => time,
    sleep,
    advance,
    get sleeping() {
      return sleepers.size;
    },
  };
}

function first(sleepers: ReadonlySet<Sleeper>): Sleeper | undefined {
  let soonest: Sleeper | undefined;
  for (const sleeper of sleepers) if (!soonest || sleeper.due < soonest.due) soonest = sleeper;
  return soonest;
}

/** Promises that are settled have all been followed when the event loop comes round. */
function settle(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
