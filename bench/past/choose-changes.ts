import { type NodeId, ROOT } from '../../src/core/entry.ts';

export interface PastSizes {
  /** Living files. */
  readonly files: number;
  /** Changes in the history. */
  readonly records: number;
  readonly seed: number;
}

/** One node's change. No place: it is deleted. */
export interface Wanted {
  readonly node: NodeId;
  readonly path: string;
  readonly place:
    | { readonly kind: 'directory' | 'file'; readonly parent: NodeId; readonly name: string }
    | undefined;
}

/** A tenth of the files lie in this one. */
export const LARGE = 'inbox';
const DIRECTORIES = 1_000;
const TOPS = 10;

const WORDS = ['report', 'holiday', 'invoice', 'letter', 'photo', 'minutes', 'budget', 'plan'];

/** Directories and files, some that are deleted again, and then edits of the files until there are enough changes. */
export function* chooseChanges(
  { files, records }: PastSizes,
  next: () => number,
): Generator<Wanted> {
  let made = 0;
  const one = function* (wanted: Wanted): Generator<Wanted> {
    made += 1;
    yield wanted;
  };
  for (let n = 0; n < DIRECTORIES; n += 1) yield* one(directory(n));
  for (let n = 0; n < files; n += 1) yield* one(file(n));
  const gone = files / 5;
  for (let n = 0; n < gone; n += 1) yield* one(file(n, 'gone'));
  for (let n = 0; n < gone; n += 1) yield* one({ ...file(n, 'gone'), place: undefined });
  while (made < records) yield* one(file(next() % files));
}

const topOf = (n: number): string => (n === 0 ? LARGE : `part-${n}`);

function directory(n: number): Wanted {
  const isTop = n < TOPS;
  const name = isTop ? topOf(n) : `group-${n}`;
  const parent = isTop ? ROOT : `d${n % TOPS}`;
  const path = isTop ? name : `${topOf(n % TOPS)}/${name}`;
  return { node: `d${n}`, path, place: { kind: 'directory', parent, name } };
}

function file(n: number, mark = 'file'): Wanted {
  const inside = n % 10 === 0 ? 0 : TOPS + (n % (DIRECTORIES - TOPS));
  const { path: above } = directory(inside);
  const name = `${WORDS[n % WORDS.length]}-${mark}-${n}.txt`;
  const place = { kind: 'file', parent: `d${inside}`, name } as const;
  return { node: `${mark}-${n}`, path: `${above}/${name}`, place };
}
