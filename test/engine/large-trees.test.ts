import { describe, expect, it } from 'vitest';
import { pair, Rig } from './rig.ts';

const MANY = 10_000;

describe('large trees', () => {
  it('[A32] a directory of 10,000 files is renamed by one change and one step, without contents', async () => {
    const { rig, anna, ben } = pair();
    for (let n = 0; n < MANY; n += 1) anna.user.write(`d/${n}`, `${n}`);
    await rig.settle();
    expect(Object.keys(ben.files())).toHaveLength(MANY + 1);
    const before = { cursor: rig.server.cursor, sent: anna.wire.sent.length };
    const fetched = ben.wire.fetched.length;
    const steps: string[] = [];
    ben.fault = (step) => {
      if (!['look', 'list', 'root', 'lifted', 'sync'].includes(step)) steps.push(step);
      return undefined;
    };
    anna.user.rename('d', 'e');
    await rig.settle();
    expect(ben.files()).toHaveProperty(['e/9999'], '9999');
    expect(ben.files()).not.toHaveProperty(['d']);
    expect(rig.server.cursor).toBe(before.cursor + 1);
    expect([anna.wire.sent.length, ben.wire.fetched.length]).toEqual([before.sent, fetched]);
    // Asked for once, and once more right before it is done.
    expect(new Set(steps)).toEqual(new Set(['move']));
  }, 60_000);

  it('[C31] 1,000 directories, one in the other, come, move and go', async () => {
    const { rig, anna, ben } = pair();
    const deep = Array.from({ length: 1000 }, () => 'd').join('/');
    anna.user.write(`${deep}/f`, 'F');
    await rig.settle();
    expect(ben.files()).toHaveProperty([`${deep}/f`], 'F');
    ben.user.rename('d', 'e');
    ben.user.write(`e${deep.slice(1)}/g`, 'G');
    await rig.settle();
    expect(anna.files()).toEqual(ben.files());
    anna.user.remove('e');
    await rig.settle();
    expect(ben.files()).toEqual({});
  }, 60_000);

  it('[C31] 5,000 files in one directory are sent in commits of bounded size, and asked for in groups', async () => {
    const rig = new Rig({ clients: ['anna', 'ben'] });
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    for (let n = 0; n < 5000; n += 1) anna.user.write(`${n}`, `content ${n}`);
    await rig.settle();
    expect(Object.keys(ben.files())).toHaveLength(5000);
    // Two offers while they are read, and the rest: of each the first commits are smaller.
    expect(anna.wire.count('commit')).toBe(11);
    expect(ben.wire.count('fetchChunks')).toBeLessThanOrEqual(10);
    expect(ben.wire.count('commit')).toBe(0);
  }, 60_000);
});
