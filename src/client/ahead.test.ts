import { describe, expect, it } from 'vitest';
import { ahead } from './ahead.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Loads that end after a turn, and tell when. */
function loads(failing: readonly string[] = []) {
  const told: string[] = [];
  const load = async (one: string): Promise<string> => {
    told.push(`begin ${one}`);
    await turn();
    told.push(`end ${one}`);
    if (failing.includes(one)) throw new Error(`${one} fails`);
    return one.toUpperCase();
  };
  return { told, load };
}

describe('ahead', () => {
  it('answers each with what it needs, and one more comes meanwhile', async () => {
    const { told, load } = loads();
    const got: unknown[] = [];
    for await (const pair of ahead(['a', 'b', 'c'], load)) {
      told.push(`work ${pair[0]}`);
      got.push(pair);
      await turn();
    }
    expect(got).toEqual([
      ['a', 'A'],
      ['b', 'B'],
      ['c', 'C'],
    ]);
    expect(told.indexOf('begin b')).toBeLessThan(told.indexOf('work a'));
    expect(told.indexOf('begin c')).toBeGreaterThan(told.indexOf('work a'));
  });

  it('of none is nothing', async () => {
    for await (const _ of ahead([], loads().load)) expect.unreachable();
  });

  it('a load that fails is told in its turn', async () => {
    const { load } = loads(['b']);
    const got: string[] = [];
    const all = async (): Promise<void> => {
      for await (const [one] of ahead(['a', 'b', 'c'], load)) {
        got.push(one);
        await turn();
        await turn();
      }
    };
    await expect(all()).rejects.toThrow('b fails');
    expect(got).toEqual(['a']);
  });

  it.each(['leaves', 'throws'])('who %s early waits for what is under way', async (how) => {
    const { told, load } = loads(['b']);
    const all = async (): Promise<void> => {
      for await (const _ of ahead(['a', 'b', 'c'], load)) {
        if (how === 'leaves') return;
        throw new Error('the work fails');
      }
    };
    await all().catch(({ message }) => told.push(message));
    expect(told).toEqual([
      ...['begin a', 'end a', 'begin b', 'end b'],
      ...(how === 'leaves' ? [] : ['the work fails']),
    ]);
  });
});
