import { expect, it } from 'vitest';
import type { ClientHold } from '../protocol/held.ts';
import { type Asking, askingsOf, askingText, waitingText } from './hold-text.ts';

const A = 'a'.repeat(12);
const held = (name: string, more: Partial<ClientHold> = {}): ClientHold => ({
  ...{ id: A, direction: 'outgoing', deed: 'delete', files: 30, bytes: 9, examples: ['a'] },
  ...{ client_id: name, client_name: name, is_online: true, word: null },
  since: '2026-11-22T12:00:00.000Z',
  ...more,
});
const asking = (...clients: readonly ClientHold[]): Asking => {
  const [first] = askingsOf(clients);
  if (first === undefined) throw new Error('Nothing is held.');
  return first;
};

it('what several clients hold exactly alike is asked once, anything else by itself', () => {
  const all = [held('Dan'), held('Cleo', { id: 'b'.repeat(12) }), held('Ben')];
  const askings = askingsOf(all).map(({ clients }) => clients.map(({ client_id: id }) => id));
  expect(askings).toEqual([['Ben', 'Dan'], ['Cleo']]);
  expect(askingsOf([])).toEqual([]);
});

it.each<[Partial<ClientHold>, string, string]>([
  [{}, '30 files were deleted on Ben', 'Everybody else has them still.'],
  [{ files: 1 }, '1 file was deleted on Ben', 'Everybody else has them still.'],
  [{ direction: 'incoming' }, '30 files were deleted on the server', 'Ben has them still.'],
  [
    { deed: 'overwrite', files: 1204 },
    '1,204 files were given other contents on Ben',
    'Everybody else has the old contents still.',
  ],
  [
    { direction: 'incoming', deed: 'overwrite' },
    '30 files were given other contents on the server',
    'Ben has the old contents still.',
  ],
])('%j is told in plain words', (more, what, still) => {
  expect(askingText(asking(held('Ben', more)))).toMatchObject({ what, still });
});

it('what either word does names all who do it', () => {
  const both = { direction: 'incoming' } as const;
  expect(askingText(asking(held('Ben', both), held('Dan', both))).effects).toEqual({
    approve: 'They are deleted on Ben and Dan too, and go to their trash.',
    undo: 'They go from Ben and Dan back to the server, and so to everybody.',
  });
});

it('a word that was not taken yet is told of, and for whom it waits', () => {
  expect(waitingText(asking(held('Ben')))).toBeUndefined();
  expect(waitingText(asking(held('Ben', { word: 'undo' }), held('Dan')))).toBe(
    'Somebody said that it is to be undone. Ben is about to do so.',
  );
  const away = { word: 'approve', is_online: false } as const;
  expect(waitingText(asking(held('Ben', away), held('Dan', { word: 'approve' })))).toBe(
    'Somebody said that it may happen. Ben is not connected: it is done when that changes.',
  );
});
