import { describe, expect, it } from 'vitest';
import { Dirt, pathOf } from './dirt.ts';

describe('Dirt', () => {
  it('gathers directories, each once, until it is taken', () => {
    const dirt = new Dirt();
    expect(dirt.isEmpty).toBe(true);
    dirt.add({ type: 'directory', path: ['a', 'b'] });
    dirt.add({ type: 'directory', path: [] });
    dirt.addAll([['a', 'b'], ['c']]);
    expect(dirt.isEmpty).toBe(false);
    expect(dirt.take()).toEqual([['a', 'b'], [], ['c']]);
    expect(dirt.isEmpty).toBe(true);
    expect(dirt.take()).toEqual([]);
  });

  it('is everything once events were lost, whatever else there is', () => {
    const dirt = new Dirt();
    dirt.add({ type: 'directory', path: ['a'] });
    dirt.add({ type: 'everything', reason: 'too many' });
    expect(dirt.take()).toBe('everything');
    expect(dirt.take()).toEqual([]);
    dirt.addEverything();
    expect(dirt.take()).toBe('everything');
    dirt.addAll('everything');
    dirt.addAll([['a']]);
    expect([dirt.isEmpty, dirt.take()]).toEqual([false, 'everything']);
  });

  it.each([[[]], [['a']], [['a', 'b c', 'd']]])('the path %j comes back from its text', (path) => {
    expect(pathOf(path.join('/'))).toEqual(path);
  });
});
