import { beforeEach, expect, it } from 'vitest';
import type { Hold } from '../../protocol/held.ts';
import { Holds } from './holds.ts';

let holds: Holds;
beforeEach(() => {
  holds = new Holds();
});

const held = (id: string, more: Partial<Hold> = {}): Hold => ({
  ...{ id, direction: 'outgoing', deed: 'delete', files: 30, bytes: 900, examples: ['a'] },
  ...more,
});
const A = 'a'.repeat(12);
const B = 'b'.repeat(12);

it('what a client tells takes the place of what it told before; of nothing, nothing is kept', () => {
  expect(holds.tell('ben', [held(A)], 1)).toBe(true);
  expect(holds.tell('ben', [held(A)], 2)).toBe(false);
  expect(holds.all()).toEqual([{ clientId: 'ben', hold: held(A), since: 1, word: undefined }]);
  expect(holds.tell('ben', [], 3)).toBe(true);
  expect(holds.all()).toEqual([]);
  expect(holds.tell('ben', [], 4)).toBe(false);
});

it('[S16] a word is for exactly the hold that it was given on: a larger one has none', () => {
  holds.tell('ben', [held(A)], 1);
  expect(holds.give({ clientId: 'ben', id: A, verb: 'approve' })).toBe(true);
  expect(holds.wordsFor('ben')).toEqual({ words: [{ id: A, verb: 'approve' }] });
  holds.tell('ben', [held(A)], 2);
  expect(holds.wordsFor('ben')).toEqual({ words: [{ id: A, verb: 'approve' }] });
  holds.tell('ben', [held(B, { files: 31 })], 3);
  expect(holds.wordsFor('ben')).toBeUndefined();
  expect(holds.all()[0]).toMatchObject({ since: 1 });
  holds.tell('ben', [held(A)], 4);
  expect(holds.wordsFor('ben')).toBeUndefined();
});

it('[S16] nobody approves what is not held, or what another client holds', () => {
  holds.tell('ben', [held(A)], 1);
  expect(holds.give({ clientId: 'ben', id: B, verb: 'approve' })).toBe(false);
  expect(holds.give({ clientId: 'anna', id: A, verb: 'approve' })).toBe(false);
  expect(holds.wordsFor('ben')).toBeUndefined();
});

it('of two words on one hold the later one counts', () => {
  holds.tell('ben', [held(A), held(B, { deed: 'overwrite' })], 1);
  holds.give({ clientId: 'ben', id: A, verb: 'approve' });
  holds.give({ clientId: 'ben', id: A, verb: 'undo' });
  expect(holds.wordsFor('ben')).toEqual({ words: [{ id: A, verb: 'undo' }] });
});

it('a client that is forgotten holds nothing', () => {
  holds.tell('ben', [held(A)], 1);
  expect(holds.forget('ben')).toBe(true);
  expect(holds.forget('ben')).toBe(false);
  expect(holds.all()).toEqual([]);
});
