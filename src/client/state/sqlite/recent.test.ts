import { describe, expect, it } from 'vitest';
import { Recent } from './recent.ts';

describe('what was loaded or stored last', () => {
  it('is loaded once, also where there is nothing', () => {
    const asked: string[] = [];
    const recent = new Recent<string, number | undefined>(2);
    const load = (key: string) => {
      asked.push(key);
      return key === 'a' ? 1 : undefined;
    };
    expect(['a', 'b', 'a', 'b'].map((key) => recent.get(key, load))).toEqual([
      1,
      undefined,
      1,
      undefined,
    ]);
    expect(asked).toEqual(['a', 'b']);
  });

  it('gives way to what comes later, the first one first', () => {
    const recent = new Recent<string, string>(2);
    for (const key of ['a', 'b', 'c']) recent.set(key, 'held');
    const load = () => 'loaded';
    expect(recent.get('b', load)).toBe('held');
    expect(recent.get('a', load)).toBe('loaded');
  });

  it('is nothing where nothing may be held, and after all was forgotten', () => {
    const none = new Recent<string, string>(0);
    none.set('a', 'held');
    expect(none.get('a', () => 'loaded')).toBe('loaded');
    const some = new Recent<string, string>(1);
    some.set('a', 'held');
    some.clear();
    expect(some.get('a', () => 'loaded')).toBe('loaded');
  });
});
