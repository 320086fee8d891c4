import { beforeEach, expect, it } from 'vitest';
import { quiet } from '../../test/engine/quiet.ts';
import { type Client, pair, type Rig } from '../../test/engine/rig.ts';
import { trashOf } from './disk/world.ts';

let rig: Rig;
let anna: Client;
let ben: Client;
beforeEach(async () => {
  ({ rig, anna, ben } = pair());
  anna.user.write('f', 'F');
  anna.user.write('d/x', 'X');
  await quiet(rig);
});

it('[D01] [S13] a move that was cut off between two names is made anew: no copy of itself stays', async () => {
  anna.user.rename('f', 'd/g');
  await anna.round();
  ben.user.link('f', 'd/g');
  ben.restart();
  await quiet(rig);
  expect(ben.files()).toEqual({ d: 'dir', 'd/g': 'F', 'd/x': 'X' });
  expect(anna.files()).toEqual(ben.files());
  expect([...trashOf(ben.user).values()]).toEqual(['F']);
});

it('a second name somewhere else is a file of its own', async () => {
  anna.user.rename('f', 'd/g');
  await anna.round();
  ben.user.link('f', 'd/h');
  await quiet(rig);
  expect(ben.files()).toEqual({ d: 'dir', 'd/g': 'F', 'd/h': 'F', 'd/x': 'X' });
  expect(anna.files()).toEqual(ben.files());
});

it('another file in the way is kept, in a conflict copy', async () => {
  anna.user.rename('f', 'd/g');
  await anna.round();
  ben.user.write('d/g', 'F');
  await quiet(rig);
  expect(Object.values(ben.files()).sort()).toEqual(['F', 'F', 'X', 'dir']);
  expect(anna.files()).toEqual(ben.files());
});
