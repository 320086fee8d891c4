import type { Rewound } from '../protocol/rewind.ts';
import { countOf } from './format.ts';
import { changesOf } from './time-scale.ts';

/** What a rewind would change, as far as it is known. */
export interface Preview extends Omit<Rewound, 'first' | 'last' | 'next'> {
  /** False: at least so much; there is more to look through. */
  readonly isWhole: boolean;
}

/** Steps, and problems, that are shown: more of them are not read. */
export const MOST_SHOWN = 200;

/** With one more part. It is all of the time that the first part went back to, whatever others change meanwhile. */
export function addPart(preview: Preview | undefined, part: Rewound): Preview {
  const { to, from, steps, problems = [], rounded = [], next, ...counts } = part;
  const known = preview ?? { to, from, ...NOTHING, steps: [], problems: [], rounded: [] };
  return {
    ...{ to: known.to, from: known.from },
    creates: known.creates + counts.creates,
    updates: known.updates + counts.updates,
    moves: known.moves + counts.moves,
    deletes: known.deletes + counts.deletes,
    steps: [...known.steps, ...steps].slice(0, MOST_SHOWN),
    problems: [...(known.problems ?? []), ...problems].slice(0, MOST_SHOWN),
    rounded: [...(known.rounded ?? []), ...rounded].slice(0, MOST_SHOWN),
    isWhole: next === undefined,
  };
}

const NOTHING = { creates: 0, updates: 0, moves: 0, deletes: 0 };

/** `At least 3 changes would be made`. */
export function headlineOf(preview: Preview): string {
  const count = changesOf(preview);
  if (count === 0) return preview.isWhole ? 'Nothing would change' : 'Nothing found so far';
  return `${preview.isWhole ? '' : 'At least '}${countOf(count, 'change')} would be made`;
}

/** Whether there is, or may be, anything to do. */
export const mayChange = (preview: Preview): boolean => !preview.isWhole || changesOf(preview) > 0;

/** `3 entries come back, 1 entry goes to the trash`. */
export function sentenceOf({
  creates,
  updates,
  moves,
  deletes,
}: Pick<Preview, 'creates' | 'updates' | 'moves' | 'deletes'>): string {
  const parts = [
    [creates, 'comes back', 'come back'],
    [updates, 'holds again what it held', 'hold again what they held'],
    [moves, 'goes back to where it was', 'go back to where they were'],
    [deletes, 'goes to the trash', 'go to the trash'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => countOf(count, `entry ${one}`, `entries ${many}`))
    .join(', ');
}

/** What is asked before it is done. */
export function questionOf(preview: Preview): string {
  const count = changesOf(preview);
  const least = preview.isWhole ? '' : 'At least ';
  if (count === 0) return 'Whatever there is to change, for every client, in one step.';
  const what = `${least.toLowerCase()}${sentenceOf(preview)}`;
  return `${least}${countOf(count, 'change')} for every client, in one step: ${what}.`;
}
