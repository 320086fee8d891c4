import { expect, it } from 'vitest';
import { memoryDisk } from '../disk/memory.ts';
import { HandClock } from '../hand-clock.ts';
import { untouchedDisk, WriteRefused } from './untouched-disk.ts';

const FEATURES = { caseSensitive: true, symlinks: true, executableBit: true };

it('shows what is there, and refuses every step that would write', async () => {
  const real = memoryDisk({ clock: new HandClock() });
  real.user.write('f', 'F');
  const before = [...real.user.snapshot()];
  const { disk } = untouchedDisk(real, FEATURES);
  const look = await disk.look(['f']);
  if (look === undefined) throw new Error('f is there');
  expect((await disk.list([])).map(({ name }) => name)).toEqual(['f']);
  const meta = { mtime: 0, executable: false };
  const writes: (() => Promise<unknown>)[] = [
    () => disk.stage(),
    () => disk.makeDirectory(['d']),
    () => disk.makeSymlink(['l'], 'f', undefined),
    () => disk.move(['f'], ['g'], look),
    () => disk.touch(['f'], meta, look),
    () => disk.trash(['f'], look),
    () => disk.removeDirectory(['d']),
    () => disk.lift(['f'], 'n', look),
    () => disk.lower('n', ['f']),
    () => disk.sync(),
    () => disk.syncAll(),
    () => disk.tidy(0),
  ];
  for (const write of writes) await expect(write()).rejects.toThrow(WriteRefused);
  expect([...real.user.snapshot()]).toEqual(before);
});

it('takes itself for bound once it was asked to be, and binds nothing', async () => {
  const real = memoryDisk({ clock: new HandClock() });
  const { disk, wouldBind } = untouchedDisk(real, FEATURES);
  const before = await real.root();
  await disk.bind('one');
  expect(await disk.root()).toEqual({ state: 'bound', instance: 'one' });
  expect(wouldBind()).toBe('one');
  expect(await real.root()).toEqual(before);
});
