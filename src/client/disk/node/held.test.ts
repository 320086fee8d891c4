import { describe, expect, it } from 'vitest';
import type { Directory } from './directory.ts';
import { Held } from './held.ts';

/** Directories that tell when they are opened and closed. */
function world() {
  const told: string[] = [];
  const due: (() => void)[] = [];
  const directory = (at: string): Directory => {
    told.push(`open ${at}`);
    return {
      at,
      enter: (name) => directory(`${at}/${name}`),
      close: () => told.push(`close ${at}`),
    };
  };
  const way = {
    root: () => directory('r'),
    enter: (above: Directory, name: string) => above.enter(name),
  };
  const held = new Held((work) => due.push(work));
  const turn = (): void => {
    for (const work of due.splice(0)) work();
  };
  const use = <T>(names: string[], step: (at: string) => T): T => held.using(names, { way, step });
  return { held, told, turn, use };
}

describe('directories that stay open for a moment', () => {
  it('are opened once, and closed when the moment is over', () => {
    const { told, turn, use } = world();
    expect(use(['a', 'b'], (at) => at)).toBe('r/a/b');
    expect(use(['a'], (at) => at)).toBe('r/a');
    expect(told).toEqual(['open r', 'open r/a', 'open r/a/b']);
    turn();
    expect(told.slice(3)).toEqual(['close r', 'close r/a', 'close r/a/b']);
    use(['a'], () => {});
    expect(told.slice(6)).toEqual(['open r', 'open r/a']);
  });

  it('are not closed under a step that uses them', () => {
    const { held, told, use } = world();
    use(['a'], () => {
      held.release();
      use(['b'], () => held.release());
      expect(told).toEqual(['open r', 'open r/a', 'open r/b']);
    });
    held.release();
    expect(told.slice(3)).toEqual(['close r', 'close r/a', 'close r/b']);
  });

  it('are never very many', () => {
    const { told, use } = world();
    for (let at = 0; at < 1000; at += 1) use([`d${at}`], () => {});
    const opened = told.filter((one) => one.startsWith('open')).length;
    expect(opened - (told.length - opened)).toBeLessThanOrEqual(65);
  });

  it('are closed after a step that throws, too', () => {
    const { told, turn, use } = world();
    expect(() =>
      use(['a'], () => {
        throw new Error('the step fails');
      }),
    ).toThrow('the step fails');
    turn();
    expect(told).toEqual(['open r', 'open r/a', 'close r', 'close r/a']);
  });
});
