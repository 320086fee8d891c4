import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MIB = 1024 * 1024;

/** All in milliseconds. */
const EVERY = { look: 50, settling: 3_000 };
/** The garbage of a short time is collected here. Left alone it grows to 128 MiB, and hardly saves work any more. */
const YOUNG = 16 * MIB;
/**
 * Percent. Buffers count as heap: as V8 lets it grow, a large file on its way has all garbage collected for every 10 MB
 * that pass by, which was a third of the work; at most it took no more memory with this.
 */
const ROOM_TO_GROW = '--heap-growing-percent=200';
/**
 * Buffers are cut from pools of this size while there is much work. What is larger than 32 MiB the C library takes from the
 * system for itself, and gives back as soon as nothing of it is used; smaller ones lie among all else that lives, and
 * most of their memory would stay when they are gone. What is never written to costs nothing.
 */
const POOL = { work: 40 * MIB, rest: Buffer.poolSize };
/** So much more than after the last collection is worth one. */
const WORTH = 24 * MIB;

/**
 * Keeps what this process takes from the system small while it works, and smaller while it rests: what work has left
 * behind would stay for many seconds, and be collected while nothing happens, which should cost nothing.
 */
export class SmallMemory {
  readonly #letGo: () => void;
  #looking: NodeJS.Timeout | undefined;
  #settling: NodeJS.Timeout | undefined;
  #factor = 2;
  #atRest = 0;

  /** `letGo`: gives up what is held only to be quick. */
  constructor(letGo: () => void) {
    this.#letGo = letGo;
    setFlagsFromString(ROOM_TO_GROW);
  }

  /** Twice is once. */
  works(): void {
    clearTimeout(this.#settling);
    this.#settling = undefined;
    this.#looking ??= setInterval(() => this.#lookAtWork(), EVERY.look).unref();
  }

  /** Collects soon, unless work begins before. Twice is once. */
  rests(): void {
    clearInterval(this.#looking);
    this.#looking = undefined;
    this.#settling ??= setTimeout(() => this.#collect(), EVERY.settling).unref();
  }

  /** Twice is once. */
  stop(): void {
    clearInterval(this.#looking);
    clearTimeout(this.#settling);
  }

  /** Not at its beginning: by then all modules are there, of which some keep a Buffer for ever, and its whole pool with it. */
  #lookAtWork(): void {
    Buffer.poolSize = POOL.work;
    this.#limitYoung();
  }

  /** Its limit can be set only before the process begins; how it grows, at any time. */
  #limitYoung(): void {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    const factor = (young?.space_size ?? 0) < YOUNG ? 2 : 1;
    if (factor === this.#factor) return;
    this.#factor = factor;
    setFlagsFromString(`--semi-space-growth-factor=${factor}`);
  }

  #collect(): void {
    if (process.memoryUsage.rss() < this.#atRest + WORTH) return;
    this.#letGo();
    letPoolGo();
    // As when memory is short: what is free goes back to the system at once.
    gc()({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    this.#atRest = process.memoryUsage.rss();
  }
}

/** The current one is used until it is full; only then comes one of the size that is wanted now. */
function letPoolGo(): void {
  Buffer.poolSize = POOL.rest;
  while (Buffer.allocUnsafe(POOL.rest / 4).buffer.byteLength > POOL.rest);
}

type Collect = (how: {
  readonly type: 'major';
  readonly execution: 'sync';
  readonly flavor: 'last-resort';
}) => void;

let collect: Collect | undefined;

/** Without a flag at the start of the process there is none; a context that is made later has it. */
function gc(): Collect {
  if (collect !== undefined) return collect;
  setFlagsFromString('--expose-gc');
  const found = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  collect = found;
  return found;
}
