import type { MatchedNode } from '../core/match.ts';
import type { FoundHere } from './look-around.ts';
import type { Progress, Session } from './session.ts';

type Present = readonly MatchedNode<FoundHere>[];

/** How far reading is. Nobody is told of a look that found nothing new. */
export class ReadingProgress {
  readonly #session: Session;
  #filesTotal = 0;
  #bytesTotal = 0;
  #files = 0;
  #bytes = 0;
  #isAll = false;

  constructor(session: Session) {
    this.#session = session;
  }

  /** So much was found. `isAll`: there is no more. */
  expect(present: Present, isAll: boolean): void {
    this.#filesTotal += present.length;
    this.#bytesTotal += bytesOf(present);
    this.#isAll = isAll;
  }

  get isOver(): boolean {
    return this.#isAll && this.#files === this.#filesTotal;
  }

  add(group: Present, isNews: boolean): void {
    this.#files += group.length;
    this.#bytes += bytesOf(group);
    const [files, bytes] = [this.#files, this.#bytes];
    const [filesTotal, bytesTotal] = [this.#filesTotal, this.#bytesTotal];
    const progress: Progress = { step: 'scan', files, filesTotal, bytes, bytesTotal };
    if (isNews) this.#session.listener.progressed(progress);
  }
}

export const sizeOf = ({ found }: MatchedNode<FoundHere>): number => found.look?.size ?? 0;

export const bytesOf = (all: Present): number => all.reduce((sum, one) => sum + sizeOf(one), 0);
