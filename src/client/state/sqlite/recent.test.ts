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

  it('gives way to what comes later, but for what is asked for again and again', () => {
    const recent = new Recent<string, string>(4);
    const load = () => 'loaded';
    for (const key of ['a', 'b', 'c', 'd']) recent.set(key, 'held');
    expect(recent.get('a', load)).toBe('held');
    for (const key of ['e', 'f']) recent.set(key, 'held');
    expect(['a', 'e', 'f'].map((key) => recent.get(key, load))).toEqual(['held', 'held', 'held']);
    expect(['b', 'c', 'd'].map((key) => recent.get(key, load))).toEqual(Array(3).fill('loaded'));
  });

  it('is what was set last, wherever it was held before', () => {
    const recent = new Recent<string, string>(2);
    for (const value of ['old', 'new']) {
      recent.set('a', value);
      recent.set('b', 'other');
      expect(recent.get('a', () => 'loaded')).toBe(value);
    }
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
