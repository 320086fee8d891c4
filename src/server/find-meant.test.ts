import { expect, it } from 'vitest';
import { world } from '../../test/past-world.ts';
import { ROOT } from '../core/entry.ts';
import { findMeant } from './find-meant.ts';

it('a path means who is there now, or else who was there then', async () => {
  const one = await world({ 'then/x': 'x', 'then/gone': 'gone', 'then/was': 'was' });
  const [at, ids] = [await one.cursor(), await one.ids()];
  await one.remove('then/gone');
  await one.move('then/was', 'then/elsewhere');
  await one.move('then', 'now');
  await one.put({ 'now/was': 'new', 'now/new': 'new' });
  const living = await one.ids();
  const until = await one.cursor();
  const meant = async (path: string) =>
    (await findMeant(one.made.parts, path.split('/'), { at, until })).map(({ node, stays }) => [
      ...[node, stays],
    ]);
  expect(await meant('now')).toEqual([[ids.then, true]]);
  expect(await meant('now/x')).toEqual([[ids['then/x'], true]]);
  expect(await meant('now/elsewhere')).toEqual([[ids['then/was'], true]]);
  expect(await meant('now/new')).toEqual([[living['now/new'], true]]);
  expect(await meant('then')).toEqual([[ids.then, false]]);
  expect(await meant('then/x')).toEqual([[ids['then/x'], false]]);
  expect(await meant('then/gone')).toEqual([[ids['then/gone'], false]]);
  expect(await meant('then/was')).toEqual([[ids['then/was'], false]]);
  await expect(meant('then/x/y')).rejects.toThrow('Nothing is there');
  await expect(meant('now/gone')).rejects.toThrow('Nothing is there');
  expect(await findMeant(one.made.parts, [], { at, until })).toEqual([{ node: ROOT, stays: true }]);
});

it('a new one at the path makes room for the one that was there', async () => {
  const one = await world({ 'd/a': 'a' });
  const [at, ids] = [await one.cursor(), await one.ids()];
  await one.remove('d');
  await one.put({ 'd/b': 'b' });
  const living = await one.ids();
  const meant = await findMeant(one.made.parts, ['d'], { at, until: await one.cursor() });
  expect(meant).toEqual([
    { node: living.d, stays: true },
    { node: ids.d, stays: false },
  ]);
});
