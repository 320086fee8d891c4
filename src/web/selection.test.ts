import { describe, expect, it } from 'vitest';
import { chooseAll, extendTo, NOTHING, standAt, step, toggle, within } from './selection.ts';

const ids = ['a', 'b', 'c', 'd'];
const down = { by: 1, extends: false };

describe('a selection', () => {
  it('is walked through, from either end, and not beyond', () => {
    expect(step(NOTHING, ids, down).at).toBe(0);
    expect(step(NOTHING, ids, { by: -1, extends: false }).at).toBe(3);
    expect(step(standAt(3), ids, down).at).toBe(3);
    expect(step(standAt(1), ids, { by: -10, extends: false }).at).toBe(0);
    expect(step(standAt(0), [], down)).toBe(NOTHING);
  });

  it('grows from where it began, in both directions', () => {
    const twice = { by: 2, extends: true };
    expect([...step(standAt(1), ids, twice).chosen]).toEqual(['b', 'c', 'd']);
    const back = step(step(standAt(1), ids, twice), ids, { by: -3, extends: true });
    expect([...back.chosen]).toEqual(['a', 'b']);
    expect([...extendTo(NOTHING, ids, 1).chosen]).toEqual(['a', 'b']);
  });

  it('takes one more, and lets it go', () => {
    const one = toggle(NOTHING, ids, 2);
    expect([...one.chosen]).toEqual(['c']);
    expect(toggle(one, ids, 2).chosen.size).toBe(0);
    expect(toggle(one, ids, 9)).toBe(one);
    expect(chooseAll(one, ids).chosen.size).toBe(4);
  });

  it('forgets what is gone', () => {
    const all = { chosen: new Set(ids), at: 3, anchor: 3 };
    expect(within(all, ids)).toBe(all);
    expect(within(all, ['a', 'c'])).toEqual({ chosen: new Set(['a', 'c']), at: 1, anchor: 1 });
  });
});
