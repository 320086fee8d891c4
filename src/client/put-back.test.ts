import {
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, pair } from '../../test/engine/rig.ts';
import { nodeDisk } from './disk/node.ts';
import { putBack } from './put-back.ts';

let anna: Client;
beforeEach(async () => {
  const { rig, anna: client } = pair();
  anna = client;
  anna.user.write('d/f.txt', 'F');
  await rig.settle();
});

/** As a round that was cut off leaves it. */
async function lift(path: readonly string[]): Promise<string> {
  const node = path.reduce((at, name) => anna.session.state.local.find(at, name) ?? '', 'root');
  const look = await anna.disk.look(path);
  if (look === undefined) throw new Error('It is there.');
  await anna.disk.lift(path, node, look);
  return node;
}

describe('[S13] what was lifted', () => {
  it('goes back to where it was', async () => {
    await lift(['d', 'f.txt']);
    expect(anna.files()).toEqual({ d: 'dir' });
    await putBack(anna.session);
    expect(anna.files()).toEqual({ d: 'dir', 'd/f.txt': 'F' });
    expect(await anna.disk.lifted()).toEqual([]);
  });

  it('goes beside it where the place is taken', async () => {
    await lift(['d', 'f.txt']);
    anna.user.write('d/f.txt', 'new');
    anna.user.write('d/f (conflict, anna).txt', 'taken too');
    await putBack(anna.session);
    expect(anna.files()).toMatchObject({ 'd/f.txt': 'new', 'd/f (conflict, anna, 2).txt': 'F' });
  });

  it('goes to the top where its directory is gone', async () => {
    await lift(['d', 'f.txt']);
    anna.user.remove('d');
    await putBack(anna.session);
    expect(anna.files()).toEqual({ 'f (conflict, anna).txt': 'F' });
  });

  it('goes to the top, and is known there, where its directory was dropped by the same round', async () => {
    const node = await lift(['d', 'f.txt']);
    anna.user.remove('d');
    const directory = anna.session.state.local.find('root', 'd') ?? '';
    anna.session.state.record([{ type: 'local', node: directory, entry: undefined }]);
    await putBack(anna.session);
    expect(anna.files()).toEqual({ 'f.txt': 'F' });
    expect(anna.session.state.local.get(node)).toMatchObject({ parent: 'root', name: 'f.txt' });
  });

  it('and is known by nobody comes under a name of its own', async () => {
    const look = await anna.disk.look(['d', 'f.txt']);
    if (look === undefined) throw new Error('It is there.');
    await anna.disk.lift(['d', 'f.txt'], 'forgotten', look);
    await putBack(anna.session);
    expect(anna.files()).toEqual({ d: 'dir', 'recovered-forgotten': 'F' });
  });

  it('stays lifted where it may be at none of the places', async () => {
    anna.user.symlink('d/link', '../d');
    await anna.round();
    await lift(['d', 'link']);
    anna.user.remove('d');
    await putBack(anna.session);
    expect(anna.files()).toEqual({});
    expect(await anna.disk.lifted()).toHaveLength(1);
  });

  it('ends the round where the disk does not work', async () => {
    await lift(['d', 'f.txt']);
    anna.fault = (step) => (step === 'lower' ? 'unreadable' : undefined);
    await expect(putBack(anna.session)).rejects.toMatchObject({ problem: 'unreadable' });
    anna.fault = () => undefined;
    await putBack(anna.session);
    expect(anna.files()).toEqual({ d: 'dir', 'd/f.txt': 'F' });
  });
});

describe('[D01] [S13] what was lifted from a real disk', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'syncer-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('and has its new name already, loses the one it is lifted under, and is not copied', async () => {
    const disk = nodeDisk({ root, now: Date.now });
    await disk.bind('instance');
    for (const name of ['p', 'q']) writeFileSync(join(root, name), name);
    const { session } = anna;
    for (const [name, other] of [
      ['p', 'q'],
      ['q', 'p'],
    ] as const) {
      const look = await disk.look([name]);
      const { inode = '', fingerprint = '' } = look ?? {};
      const file = { kind: 'file', parent: 'root', checksum: name, size: 1, mtime: 0 } as const;
      const entry = { ...file, name, executable: false };
      const there = { ...entry, name: other, placeVersion: 2, contentVersion: 1, author: 'ben' };
      session.state.record([
        { type: 'local', node: name, entry, seen: { inode, fingerprint } },
        { type: 'remote', node: name, entry: there },
      ]);
    }
    // A swap, cut off right before its last step.
    const look = await disk.look(['p']);
    if (look === undefined) throw new Error('It is there.');
    await disk.lift(['p'], 'p', look);
    renameSync(join(root, 'q'), join(root, 'p'));
    const [lifted = ''] = readdirSync(join(root, '.syncer', 'lifted'));
    linkSync(join(root, '.syncer', 'lifted', lifted), join(root, 'q'));

    await putBack({ ...session, disk });
    expect(readdirSync(root).sort()).toEqual(['.syncer', 'p', 'q']);
    expect(readFileSync(join(root, 'q'), 'utf8')).toBe('p');
    expect(await disk.lifted()).toEqual([]);
  });
});
