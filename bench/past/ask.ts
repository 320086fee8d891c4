import { median, range } from '../report/statistics.ts';

export interface Asked {
  readonly what: string;
  /** Answers what came, in words, where that says something. */
  readonly run: () => Promise<string | undefined>;
}

export interface Answered {
  readonly what: string;
  /** Milliseconds. */
  readonly median: number;
  readonly worst: number;
  /** The first time, when nothing of it was looked at yet. */
  readonly first: number;
  /** Milliseconds that another small request waited at most, meanwhile. */
  readonly waited: number;
  readonly came: string;
}

/** Once for itself, and then so many times with somebody else who asks for something small all the time. */
export async function ask({ what, run }: Asked, url: string, rounds: number): Promise<Answered> {
  const first = await timed(run);
  const found: number[] = [];
  const other = new Other(`${url}/health`);
  let came = '';
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now();
    came = (await run()) ?? '';
    found.push(performance.now() - begin);
  }
  const waited = await other.end();
  return { what, median: median(found), worst: range(found)[1], first, waited, came };
}

/** One small request after the other, with a pause. */
class Other {
  #isOver = false;
  readonly #asking: Promise<number>;

  constructor(url: string) {
    this.#asking = this.#ask(url);
  }

  async #ask(url: string): Promise<number> {
    let most = 0;
    while (!this.#isOver) {
      const took = await timed(async () => await (await fetch(url)).text());
      most = Math.max(most, took);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return most;
  }

  end(): Promise<number> {
    this.#isOver = true;
    return this.#asking;
  }
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await run();
  return performance.now() - begin;
}
