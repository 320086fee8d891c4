import { describe, expect, it } from 'vitest';
import { longText, pair, Rig } from '../engine/rig.ts';

describe('[contract 6] first synchronization and return', () => {
  it('two directories that both hold something become one, on both sides', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('of-anna.txt', 'A');
    anna.user.write('both.txt', 'same');
    ben.user.write('of-ben/b.txt', 'B');
    ben.user.write('both.txt', 'same');
    await rig.settle();
    const all = { 'both.txt': 'same', 'of-anna.txt': 'A', 'of-ben': 'dir', 'of-ben/b.txt': 'B' };
    expect(anna.files()).toEqual(all);
    expect(ben.files()).toEqual(all);
  });

  it('one that was away catches up on both sides’ changes, deletions included', async () => {
    const rig = new Rig({ clients: ['anna', 'ben'] });
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    for (const name of ['kept', 'edited-there', 'edited-here', 'gone-there', 'gone-here'])
      anna.user.write(`d/${name}`, name);
    await rig.settle();

    // Ben's client does not run. Meanwhile anna's does:
    anna.user.write('d/edited-there', 'edited by anna');
    anna.user.remove('d/gone-there');
    anna.user.write('d/new-there', 'new from anna');
    for (let rest = false; !rest; ) rest = await anna.round();
    // and ben works without one.
    ben.user.write('d/edited-here', 'edited by ben');
    ben.user.remove('d/gone-here');
    ben.user.write('d/new-here', 'new from ben');
    ben.restart();
    await rig.settle();

    const all = {
      d: 'dir',
      'd/edited-here': 'edited by ben',
      'd/edited-there': 'edited by anna',
      'd/kept': 'kept',
      'd/new-here': 'new from ben',
      'd/new-there': 'new from anna',
    };
    expect(ben.files()).toEqual(all);
    expect(anna.files()).toEqual(all);
  });
});

describe('[contract 6] live', () => {
  it('rapid changes are batched: many edits between two looks are one', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('a.txt', 'first');
    await rig.settle();
    const { cursor } = rig.server;
    for (let n = 0; n < 50; n += 1) anna.user.write('a.txt', `version ${n}`);
    await rig.settle();
    expect(rig.server.cursor - cursor).toBe(1);
    expect(ben.files()['a.txt']).toBe('version 49');
  });

  it('a file that vanished meanwhile becomes a deletion', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('a.txt', 'first');
    await rig.settle();
    anna.user.write('a.txt', 'an edit that nobody will see');
    let isGone = false;
    anna.meanwhile = (step) => {
      if (isGone || step !== 'read a.txt') return undefined;
      isGone = true;
      anna.user.remove('a.txt');
      return undefined;
    };
    await rig.settle();
    expect(isGone).toBe(true);
    expect(ben.files()).toEqual({});
    expect([...rig.server.tree.ids()]).toEqual([]);
  });
});

describe('[contract 6] only what changed travels', () => {
  it('of many files the one that changed', async () => {
    const { rig, anna, ben } = pair();
    for (let n = 0; n < 100; n += 1) anna.user.write(`f${n}`, longText(n, 1_000));
    await rig.settle();
    const [sent, fetched] = [anna.wire.sent.length, ben.wire.fetched.length];
    anna.user.write('f50', 'edited');
    await rig.settle();
    expect(anna.wire.sent.length - sent).toBe(1);
    expect(ben.wire.fetched.length - fetched).toBeLessThanOrEqual(1);
    expect(ben.files().f50).toBe('edited');
  });

  it('of a large file the parts that changed, up and down', async () => {
    const { rig, anna, ben } = pair();
    const text = longText(1, 2_000_000);
    anna.user.write('large.txt', text);
    await rig.settle();
    const whole = anna.wire.sent.length;
    expect(whole).toBeGreaterThan(15);
    const fetched = ben.wire.fetched.length;
    const edited = `${text.slice(0, 1_000_000)}a line in the middle${text.slice(1_000_000)}`;
    anna.user.write('large.txt', edited);
    await rig.settle();
    expect(ben.files()['large.txt']).toBe(edited);
    expect(anna.wire.sent.length - whole).toBeLessThanOrEqual(4);
    expect(ben.wire.fetched.length - fetched).toBeLessThanOrEqual(4);
  });
});

describe('[contract 6] ignore patterns', () => {
  it.each([
    ['by name', '*.tmp', ['a.tmp', 'd/b.tmp'], ['a.txt', 'tmp']],
    ['by directory', '.git', ['.git/config', 'd/.git/x'], ['git', '.gitignore']],
    ['by path', 'build/**', ['build/a', 'build/d/b'], ['d/build/a', 'build.txt']],
    ['by path', '*/node_modules', ['d/node_modules/x'], ['node_modules/x', 'd/e/node_modules/x']],
  ])('%s: %s', async (...[, pattern, ignored, kept]) => {
    for (const inFile of [false, true]) {
      const { rig, anna, ben } = pair(inFile ? {} : { ignore: [pattern] });
      if (inFile) anna.user.write('.syncignore', `${pattern}\n`);
      for (const path of [...ignored, ...kept]) anna.user.write(path, path);
      await rig.settle();
      const files = Object.entries(ben.files()).filter(([, content]) => content !== 'dir');
      const arrived = files.map(([path]) => path).filter((path) => path !== '.syncignore');
      expect(arrived.sort()).toEqual(kept.toSorted());
    }
  });
});

describe('[contract 6] paths', () => {
  it('are NFC with / on the wire, whatever the disk calls them', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('cafe\u0301/re\u0301sume\u0301.txt', 'x');
    await rig.settle();
    const sent = [...rig.serverFiles().keys()];
    expect(sent).toEqual(sent.map((path) => path.normalize('NFC')));
    expect(ben.files()).toEqual(Object.fromEntries(rig.serverFiles()));
  });
});
