import { expect, it } from 'vitest';
import type { Rewound } from '../protocol/rewind.ts';
import {
  addPart,
  headlineOf,
  MOST_SHOWN,
  mayChange,
  questionOf,
  sentenceOf,
} from './rewind-preview.ts';

const part = (more: Partial<Rewound> = {}): Rewound => ({
  ...{ to: 5, from: 90, creates: 0, updates: 0, moves: 0, deletes: 0, steps: [] },
  ...more,
});
const step = (node: string) =>
  ({ node, operation: 'create', kind: 'file', path: node }) as Rewound['steps'][number];
const problem = (node: string) => ({ node, path: node, reason: 'It is gone.' });

it('what would change is added up, part by part', () => {
  const first = addPart(
    undefined,
    part({ creates: 2, moves: 1, steps: [step('a'), step('b')], next: 40 }),
  );
  expect(first).toMatchObject({ to: 5, from: 90, creates: 2, moves: 1, isWhole: false });
  const second = addPart(
    first,
    part({ from: 95, deletes: 3, steps: [step('c')], problems: [problem('d')] }),
  );
  expect(second).toEqual({
    ...{ to: 5, from: 90, creates: 2, updates: 0, moves: 1, deletes: 3, isWhole: true },
    ...{ steps: ['a', 'b', 'c'].map(step), problems: [problem('d')], rounded: [] },
  });
});

it('no more is kept than is shown', () => {
  const many = Array.from({ length: MOST_SHOWN }, (_, n) => step(`${n}`));
  const both = addPart(addPart(undefined, part({ steps: many })), part({ steps: many }));
  expect(both.steps).toEqual(many);
});

it('a count that is not the whole says so', () => {
  const some = addPart(undefined, part({ creates: 1_200, deletes: 1, next: 40 }));
  expect(headlineOf(some)).toBe('At least 1,201 changes would be made');
  expect(questionOf(some)).toBe(
    'At least 1,201 changes for every client, in one step: at least 1,200 entries come back, 1 entry goes to the trash.',
  );
  const all = addPart(some, part());
  expect(headlineOf(all)).toBe('1,201 changes would be made');
  expect(questionOf(all)).toBe(
    '1,201 changes for every client, in one step: 1,200 entries come back, 1 entry goes to the trash.',
  );
});

it('where nothing was found yet, there may be something', () => {
  const some = addPart(undefined, part({ next: 40 }));
  expect([mayChange(some), headlineOf(some)]).toEqual([true, 'Nothing found so far']);
  expect(questionOf(some)).toBe('Whatever there is to change, for every client, in one step.');
  const none = addPart(some, part());
  expect([mayChange(none), headlineOf(none)]).toEqual([false, 'Nothing would change']);
});

it('what becomes of entries is said in words', () => {
  expect(sentenceOf({ creates: 1, updates: 2, moves: 1, deletes: 0 })).toBe(
    '1 entry comes back, 2 entries hold again what they held, 1 entry goes back to where it was',
  );
});
