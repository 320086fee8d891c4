import type { MultiBar, SingleBar } from 'cli-progress';
import { describeProgress, shareOf } from './describe-progress.ts';
import type { Progress } from './session.ts';

/** Where lines and the progress of a long step share one place. */
export interface ProgressView {
  show(progress: Progress): void;
  line(text: string): void;
  /** No step is under way any more. Twice is once. */
  end(): void;
}

type Write = (text: string) => void;
type Now = () => number;

/** Between two plain lines about one step, in milliseconds. */
const PLAIN_PAUSE = 2_000;

/** For what is not a terminal: plain lines, and of a long step one now and then. */
export function plainView(write: Write, now: Now): ProgressView {
  const pace = new Pace(now);
  let said = now();
  return {
    show(progress) {
      const ms = pace.elapsed(progress);
      if (pace.isNew) said = now();
      if (now() - said < PLAIN_PAUSE) return;
      said = now();
      write(`  ${describeProgress(progress, { ms })}\n`);
    },
    line: (text) => write(`${text}\n`),
    end: () => pace.end(),
  };
}

type Bars = Pick<MultiBar, 'create' | 'log' | 'stop' | 'update'>;

/** For a terminal: a bar that stays below the lines. `open` makes a place for one. */
export function barView(write: Write, { now, open }: { now: Now; open: () => Bars }): ProgressView {
  const pace = new Pace(now);
  let bars: Bars | undefined;
  let bar: SingleBar | undefined;
  const end = (): void => {
    pace.end();
    bars?.update(); // What was logged since the last drawing would be lost.
    bars?.stop();
    bars = undefined;
    bar = undefined;
  };
  return {
    show(progress) {
      const ms = pace.elapsed(progress);
      // Small things are over before a bar could be read.
      if (progress.files >= progress.filesTotal) return end();
      const text = describeProgress(progress, { ms });
      bars ??= open();
      bar ??= bars.create(1000, 0, { text });
      bar.update(Math.floor(shareOf(progress) * 1000), { text });
    },
    line(text) {
      if (bars === undefined) write(`${text}\n`);
      else bars.log(`${text}\n`);
    },
    end,
  };
}

/** How long a step has been taking; counted from its first sign of life, by what has been done since. */
class Pace {
  isNew = false;
  readonly #now: Now;
  #first:
    | { readonly step: Progress['step']; readonly at: number; readonly share: number }
    | undefined;

  constructor(now: Now) {
    this.#now = now;
  }

  /** Milliseconds; 0 while it cannot be told. */
  elapsed(progress: Progress): number {
    const share = shareOf(progress);
    this.isNew = this.#first?.step !== progress.step || share < this.#first.share;
    if (this.isNew || this.#first === undefined) {
      this.#first = { step: progress.step, at: this.#now(), share };
      return 0;
    }
    const since = share - this.#first.share;
    return since > 0 ? ((this.#now() - this.#first.at) * share) / since : 0;
  }

  end(): void {
    this.#first = undefined;
  }
}
