import { expect, it } from 'vitest';
import { memoryApp, register, uploadAll } from '../../test/memory-app.ts';
import { locate } from './by-path.ts';
import type { Committer } from './commit.ts';
import { deletePath } from './delete-path.ts';

const author = { clientId: 'anna', clientName: 'Anna' };

/** Somebody else edits the file right before each of our first `edits` commits. */
async function withRival(edits: number) {
  const made = await memoryApp();
  await register(made.app, 'bob', 'Bob');
  await register(made.app);
  await uploadAll(made.app, { a: '0' });
  let left = edits;
  const { committer } = made.parts;
  const hindered: Committer = {
    drain: () => committer.drain(),
    commit: async (input) => {
      left -= 1;
      if (left >= 0) await uploadAll(made.app, { a: `edit ${left}` });
      return committer.commit(input);
    },
  };
  const remove = () => deletePath({ ...made.parts, committer: hindered }, { path: 'a', author });
  return { ...made, remove };
}

it('looks again when the place changed between the look and the commit', async () => {
  const { remove, parts } = await withRival(4);
  expect(await remove()).toBe(true);
  expect((await locate(parts, ['a'])).found).toBeUndefined();
});

it('gives up on a place that never holds still, and has changed nothing', async () => {
  const { remove, parts } = await withRival(5);
  await expect(remove()).rejects.toMatchObject({ code: 'conflict' });
  expect((await locate(parts, ['a'])).found).toBeDefined();
});
