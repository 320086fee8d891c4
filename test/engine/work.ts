import { type Client, longText, pair, type Rig } from './rig.ts';

type Options = Parameters<typeof pair>[0];

/** Two clients in the middle of something. */
export interface Work {
  readonly rig: Rig;
  readonly anna: Client;
  readonly ben: Client;
}

/** Both have done things of every sort, and some to the same files; Anna has told hers. */
export async function manyThings(options: Options = {}): Promise<Work> {
  const { rig, anna, ben } = pair(options);
  for (const name of ['both', 'edited', 'deleted', 'f', 'g', 'd/one', 'd/two', 'e/x/deep'])
    anna.user.write(name, `${name} at first`);
  anna.user.symlink('link', 'f');
  await rig.settle();
  anna.user.write('both', 'both by anna');
  anna.user.write('edited', 'edited by anna');
  anna.user.remove('deleted');
  anna.user.rename('f', 't');
  anna.user.rename('g', 'f');
  anna.user.rename('t', 'g');
  anna.user.rename('e/x', 'x');
  anna.user.rename('e', 'x/e');
  anna.user.write('new/a', 'new by anna');
  rig.clock.pass(3000);
  ben.user.write('both', 'both by ben');
  ben.user.write('d/one', 'one by ben');
  ben.user.remove('d/two');
  ben.user.rename('link', 'd/link');
  ben.user.write('new/b', 'new by ben');
  rig.clock.pass(60_000);
  await anna.round();
  return { rig, anna, ben };
}

const LARGE = longText(5, 1_100_000);

/** Each has edited a file of many chunks, one of them so large that it is fetched by itself. */
export async function largeFiles(options: Options = {}): Promise<Work> {
  const { rig, anna, ben } = pair(options);
  anna.user.write('large', LARGE);
  await rig.settle();
  anna.user.write('large', `${LARGE.slice(0, 600_000)}!${LARGE.slice(600_000)}`);
  ben.user.write('of ben', LARGE.slice(0, 200_000).toUpperCase());
  rig.clock.pass(60_000);
  await anna.round();
  return { rig, anna, ben };
}
