import { beforeEach, describe, expect, it } from 'vitest';
import { StepClock } from '../../test/engine/rig.ts';
import { chooseTrashed, timeText } from './choose-trashed.ts';
import type { Fault } from './disk/memory/faults.ts';
import { type MemoryDisk, memoryDisk } from './disk/memory.ts';
import { shown, trashOf } from './disk/world.ts';
import { restoreTrashed } from './restore-trashed.ts';

let clock: StepClock;
let disk: MemoryDisk;
let fault: Fault;
beforeEach(async () => {
  clock = new StepClock();
  fault = () => undefined;
  disk = memoryDisk({ clock, faults: { fault: (step, path) => fault(step, path) } });
  await disk.bind('instance');
});

async function thrownAway(path: string, content: string): Promise<void> {
  disk.user.write(path, content);
  const names = path.split('/');
  const look = await disk.look(names);
  if (look === undefined) throw new Error(`${path} is not there`);
  await disk.trash(names, look);
  clock.pass(2_000);
}

const there = (): Record<string, string> => {
  const files = [...shown(disk.user)].filter(([, content]) => content !== 'dir');
  return Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** Brings back what was at a path, to where it was or elsewhere. */
async function back(path: string, { day, to = path }: { day?: string; to?: string } = {}) {
  const top = path.split('/');
  const chosen = chooseTrashed(await disk.trashed(), { top, day });
  const restoring = chosen.things.map((thing) => ({
    thing,
    to: [...to.split('/'), ...thing.path.slice(top.length)],
  }));
  const { restored, failed } = await restoreTrashed(disk, restoring);
  return { ...chosen, restored: restored.map(({ at }) => at.join('/')), failed };
}

describe('what is brought back from the trash', () => {
  it('[O1] is where it was, with the directories above it', async () => {
    await thrownAway('a/b/f', 'F');
    disk.user.remove('a');
    expect(await back('a/b/f')).toMatchObject({ restored: ['a/b/f'], failed: [], older: 0 });
    expect(there()).toEqual({ 'a/b/f': 'F' });
    expect(trashOf(disk.user)).toEqual(new Map());
    expect((await back('a/b/f')).restored).toEqual([]);
  });

  it('[O1] of a directory is all that was below it, of each path the newest', async () => {
    await thrownAway('d/f', 'F old');
    await thrownAway('d/sub/g', 'G');
    await thrownAway('d/f', 'F new');
    await thrownAway('dx', 'another');
    disk.user.remove('d');
    expect(await back('d')).toMatchObject({ older: 1 });
    expect(there()).toEqual({ 'd/f': 'F new', 'd/sub/g': 'G' });
  });

  it('[O1] never takes a name: it goes beside what is there, under the time it went away', async () => {
    await thrownAway('f.txt', 'one');
    await thrownAway('f.txt', 'two');
    disk.user.write('f.txt', 'here');
    const [newest] = (await disk.trashed()).map(timeText).sort().reverse();
    const stamp = newest?.replaceAll(':', '-');
    expect((await back('f.txt')).restored).toEqual([`f (restored ${stamp}).txt`]);
    await back('f.txt', { to: `f (restored ${stamp}).txt` });
    expect(Object.values(there()).sort()).toEqual(['here', 'one', 'two']);
    expect(there()['f.txt']).toBe('here');
  });

  it('[O1] of a directory whose name is a file’s by now goes beside that', async () => {
    await thrownAway('d/f', 'F');
    await thrownAway('d/g', 'G');
    disk.user.remove('d');
    disk.user.write('d', 'a file');
    expect((await back('d')).restored.sort()).toEqual(['d (restored)/f', 'd (restored)/g']);
    expect(there()).toEqual({ d: 'a file', 'd (restored)/f': 'F', 'd (restored)/g': 'G' });
  });

  it('[O1] is the version of the day or time that was asked for', async () => {
    await thrownAway('f', 'one');
    const [first] = await disk.trashed();
    clock.pass(48 * 3600_000);
    await thrownAway('f', 'two');
    await thrownAway('f', 'three');
    expect((await back('f', { day: '1999-01-01' })).things).toEqual([]);
    await back('f', { day: first?.day ?? '', to: 'by day' });
    const times = (await disk.trashed()).map(timeText).sort();
    await back('f', { day: times[0] ?? '', to: 'by time' });
    expect(there()).toEqual({ 'by day': 'one', 'by time': 'two' });
  });

  it('[O1] of a path that was a file and a directory is what it was last', async () => {
    await thrownAway('x', 'file');
    await thrownAway('x/in', 'deep');
    disk.user.remove('x');
    expect((await back('x')).restored).toEqual(['x/in']);
    disk.user.remove('x');
    expect((await back('x')).restored).toEqual(['x']);
    expect(there()).toEqual({ x: 'file' });
  });

  it('[O1] stays in the trash where it cannot be put, and the others do not wait', async () => {
    for (const name of ['d/a', 'd/b', 'd/c']) await thrownAway(name, name);
    fault = (step, path) => (step === 'restore' && path.at(-1) === 'b' ? 'denied' : undefined);
    const { restored, failed } = await back('d');
    expect(restored.sort()).toEqual(['d/a', 'd/c']);
    expect(failed).toMatchObject([{ problem: 'denied', where: ['d', 'b'] }]);
    expect([...trashOf(disk.user).values()]).toEqual(['d/b']);
  });

  it('[O1] is in one place or the other, wherever it is cut off', async () => {
    for (let at = 1; at < 12; at += 1) {
      await thrownAway(`f${at}`, `version ${at}`);
      let steps = 0;
      fault = (step) => {
        steps += step === 'restore' || step === 'sync' ? 1 : 0;
        if (steps === at) throw new Error('killed');
        return undefined;
      };
      await back(`f${at}`).catch(() => undefined);
      fault = () => undefined;
      disk.volume.crash(at);
      const all = [...Object.values(there()), ...trashOf(disk.user).values()];
      for (let before = 1; before <= at; before += 1) expect(all).toContain(`version ${before}`);
    }
  });
});
