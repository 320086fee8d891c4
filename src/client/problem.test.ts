import { describe, expect, it } from 'vitest';
import { type Problem, Problems } from './problem.ts';

const at = (path: string, code = 'denied'): Problem => ({ path, code, message: 'It cannot be.' });
const paths = (problems: Problems): string[] => problems.all().map(({ path }) => path);

/** What a look found: the names in each directory that it looked into. */
const looked = (found: Readonly<Record<string, readonly string[]>>) =>
  new Map(Object.entries(found).map(([directory, names]) => [directory, new Set(names)]));

it('[C12] no path waits until a clock that was set back has come so far again', () => {
  const problems = new Problems();
  const year = 365 * 24 * 60 * 60_000;
  problems.set('node', at('a'), year + 30_000);
  expect(problems.isHeld('node', year)).toBe(true);
  expect(problems.isHeld('node', 0)).toBe(false);
  expect(problems.nextTry(0)).toBeUndefined();
});

describe('problems that were found', () => {
  it('are replaced by the next look at their directory, and by no other', () => {
    const problems = new Problems();
    problems.setFound(looked({ '': ['a', 'd'], d: ['b'] }), [at('d/b'), at('a')]);
    expect(paths(problems)).toEqual(['a', 'd/b']);
    problems.setFound(looked({ d: ['b'] }), []);
    expect(paths(problems)).toEqual(['a']);
    problems.setFound(looked({ '': ['a', 'd'] }), [at('a', 'busy')]);
    expect(problems.all()).toMatchObject([{ path: 'a', code: 'busy' }]);
  });

  it('go with the directory that they were in, however deep', () => {
    const problems = new Problems();
    problems.setFound(looked({ 'd/e/f': ['x'] }), [at('d/e/f/x')]);
    problems.setFound(looked({ d: ['e'] }), []);
    expect(paths(problems)).toEqual(['d/e/f/x']);
    problems.setFound(looked({ d: ['other'] }), []);
    expect(paths(problems)).toEqual([]);
  });

  it('with a directory go once it can be looked into', () => {
    const problems = new Problems();
    problems.addFound(at('d/closed'));
    expect(problems.isFound(['d', 'closed'])).toBe(true);
    problems.setFound(looked({ 'd/closed': [] }), []);
    expect(problems.isFound(['d', 'closed'])).toBe(false);
  });
});

describe('problems of nodes', () => {
  it('hold them until their time has come', () => {
    const problems = new Problems();
    problems.set('n', at('f'), 1000);
    problems.set('m', at('g'), 2000);
    expect([problems.isHeld('n', 999), problems.isHeld('n', 1000)]).toEqual([true, false]);
    expect(problems.isHeld('unknown', 0)).toBe(false);
    expect(problems.nextTry(500)).toBe(1000);
    expect(problems.nextTry(1000)).toBe(2000);
    expect(problems.nextTry(2000)).toBe(undefined);
  });

  it('are told with their node until they are cleared, or all sides agree', () => {
    const problems = new Problems();
    problems.set('n', at('g'), 0);
    problems.set('m', at('f'), 0);
    problems.set('o', at('h'), 0);
    expect(problems.all()).toEqual([
      { ...at('f'), node: 'm' },
      { ...at('g'), node: 'n' },
      { ...at('h'), node: 'o' },
    ]);
    problems.clear('n');
    problems.retain(new Set(['m']));
    expect(paths(problems)).toEqual(['f']);
  });
});
