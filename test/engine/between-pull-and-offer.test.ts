import { expect, it } from 'vitest';
import { quiet } from './quiet.ts';
import { pair } from './rig.ts';

it('[X6] [C2] an edit that comes by itself between a pull and the offer of a move is not undone', async () => {
  const { rig, anna, ben } = pair();
  anna.user.write('f', 'F');
  await quiet(rig);
  anna.user.rename('f', 'g');
  const { api } = anna.session;
  const commit = api.commit.bind(api);
  let turns = 0;
  api.commit = async (offer) => {
    turns += 1;
    if (turns === 1) {
      ben.user.write('f', 'edited by ben');
      await ben.round();
    }
    return await commit(offer);
  };
  await anna.round();
  expect(turns).toBe(1);
  await quiet(rig);
  expect(anna.files()).toEqual({ g: 'edited by ben' });
  expect(ben.files()).toEqual(anna.files());
});
