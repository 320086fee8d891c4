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
/** So much more than after the last collection is worth one. */
const POOL = 40 * MIB;
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
    Buffer.poolSize = POOL;
    this.#looking ??= setInterval(() => this.#limitYoung(), EVERY.look).unref();
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
    Buffer.poolSize = 65536;
    while (Buffer.allocUnsafe(4000).buffer.byteLength > 65536);
    // As when memory is short: what is free goes back to the system at once.
    gc()({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    this.#atRest = process.memoryUsage.rss();
  }
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
