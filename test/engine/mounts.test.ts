import { describe, expect, it } from 'vitest';
import { quiet } from './quiet.ts';
import { type Client, pair } from './rig.ts';

// A file system that is mounted inside the directory, and goes away without anything having been deleted.

/** Mounts one at `mnt`; answers how to unmount it. */
function mountAt(client: Client, device: string) {
  const { volume } = client.disk;
  client.user.makeDirectory('mnt');
  if (volume.root === undefined) throw new Error('There is a directory.');
  return volume.mount({ directory: volume.root, name: 'mnt' }, device);
}

async function mounted() {
  const world = pair();
  const unmount = mountAt(world.anna, '42');
  world.anna.user.write('mnt/f', 'F');
  world.anna.user.write('mnt/d/g', 'G');
  world.anna.user.write('beside', 'B');
  await quiet(world.rig);
  return { ...world, unmount, all: world.ben.files() };
}

const problemsOf = ({ session }: Client): string[] =>
  session.problems.all().map(({ path, code }) => `${path}: ${code}`);

describe('[S18] a file system that was mounted in the directory', () => {
  it('[B13] and is not any more is unknown: nothing is deleted, the rest goes on', async () => {
    const { rig, anna, ben, unmount, all } = await mounted();
    const mount = unmount();
    anna.user.write('beside', 'B2');
    ben.user.write('new', 'N');
    await rig.settle();
    expect(ben.files()).toEqual({ ...all, beside: 'B2', new: 'N' });
    expect(anna.files()).toEqual({ beside: 'B2', mnt: 'dir', new: 'N' });
    expect(problemsOf(anna)).toEqual(['mnt: unmounted']);
    mount('42');
    await quiet(rig);
    expect(anna.files()).toEqual(ben.files());
  });

  it('[B13] also where its mount point went with it, and after a restart', async () => {
    const { rig, anna, ben, unmount, all } = await mounted();
    const mount = unmount();
    anna.user.remove('mnt');
    await rig.settle();
    anna.restart();
    await rig.settle();
    expect(ben.files()).toEqual(all);
    expect(problemsOf(anna)).toEqual(['mnt: unmounted']);
    anna.user.makeDirectory('mnt');
    await rig.settle();
    expect(ben.files()).toEqual(all);
    mount('42');
    await quiet(rig);
    expect(anna.files()).toEqual(all);
  });

  it('[B13] nothing is written into the empty directory beneath it', async () => {
    const { rig, anna, ben, unmount } = await mounted();
    const mount = unmount();
    ben.user.write('mnt/new', 'N');
    ben.user.write('mnt/d/deep/new', 'N');
    ben.user.write('mnt/f', 'F2');
    ben.user.remove('mnt/d/g');
    await rig.settle();
    expect(anna.files()).toEqual({ beside: 'B', mnt: 'dir' });
    mount('42');
    await rig.settle();
    // Nor beside it: what is staged and what is thrown away lie on the directory's own file system.
    expect(anna.files()).toMatchObject({ 'mnt/f': 'F', 'mnt/d/g': 'G', 'mnt/d/deep': 'dir' });
    expect(problemsOf(anna).sort()).toEqual([
      'mnt/d/deep/new: unsupported',
      'mnt/d/g: unsupported',
      'mnt/f: unsupported',
      'mnt/new: unsupported',
    ]);
    expect(ben.files()).toMatchObject({ 'mnt/new': 'N', 'mnt/d/deep/new': 'N', 'mnt/f': 'F2' });
    anna.user.write('mnt/own', 'what is saved in it is sent');
    await rig.settle();
    expect(ben.files()).toHaveProperty(['mnt/own']);
  });

  it('[B13] is the same under another number, and another one is not', async () => {
    const { rig, anna, ben, unmount, all } = await mounted();
    unmount()('43');
    anna.user.write('mnt/f', 'F2');
    await quiet(rig);
    expect(ben.files()).toEqual({ ...all, 'mnt/f': 'F2' });
    const world = await mounted();
    world.unmount();
    mountAt(world.anna, '44');
    world.anna.user.write('mnt/of another disk', 'X');
    await world.rig.settle();
    expect(world.ben.files()).toEqual(world.all);
    expect(problemsOf(world.anna)).toEqual(['mnt: unmounted']);
  });

  it('[B13] what is deleted in it is deleted; what became a plain directory is one', async () => {
    const { rig, anna, ben, unmount } = await mounted();
    anna.user.remove('mnt/f');
    await quiet(rig);
    expect(ben.files()).not.toHaveProperty('mnt/f');
    unmount();
    anna.user.write('mnt/d/g', 'G');
    anna.user.write('mnt/h', 'H');
    await quiet(rig);
    expect(ben.files()).toMatchObject({ 'mnt/d/g': 'G', 'mnt/h': 'H' });
    anna.user.remove('mnt');
    await quiet(rig);
    expect(ben.files()).toEqual({ beside: 'B' });
  });

  it('[B13] and is gone for good is forgotten by a pattern', async () => {
    const { rig, anna, ben, unmount, all } = await mounted();
    unmount();
    await rig.settle();
    anna.restart(['/mnt']);
    await rig.settle();
    expect(problemsOf(anna)).toEqual([]);
    expect(ben.files()).toEqual(all);
  });
});
