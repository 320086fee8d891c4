import { describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { HandClock } from './hand-clock.ts';
import type { Clock } from './ports.ts';

const clocks: [string, () => { clock: Clock; pass: (ms: number) => Promise<void> }][] = [
  ['system', () => ({ clock: systemClock, pass: async () => {} })],
  [
    'by hand',
    () => {
      const clock = new HandClock(1_000_000);
      return { clock, pass: (ms) => clock.advance(ms) };
    },
  ],
];

describe.each(clocks)('clock: %s', (_, make) => {
  it('wakes when the time has passed', async () => {
    const { clock, pass } = make();
    const before = clock.now();
    const slept = clock.sleep(20);
    await pass(20);
    await slept;
    expect(clock.now() - before).toBeGreaterThanOrEqual(19);
  });

  it('wakes early, without an error, when it is aborted, before or meanwhile', async () => {
    const { clock } = make();
    const abort = new AbortController();
    const slept = clock.sleep(1e12, abort.signal);
    abort.abort();
    await slept;
    await clock.sleep(1e12, abort.signal);
  });

  it('does not sleep for no time', async () => {
    await make().clock.sleep(0);
  });
});

describe('clock by hand', () => {
  it('wakes everybody in order, also those who sleep again', async () => {
    const clock = new HandClock();
    const woken: string[] = [];
    const tick = async (): Promise<void> => {
      for (const name of ['a10', 'a20', 'a30']) {
        await clock.sleep(10);
        woken.push(name);
      }
    };
    const slept = [tick(), clock.sleep(15).then(() => woken.push('b15'))];
    await clock.advance(29);
    expect(woken).toEqual(['a10', 'b15', 'a20']);
    expect([clock.now(), clock.sleepers]).toEqual([29, 1]);
    await clock.advance(1);
    await Promise.all(slept);
    expect(clock.sleepers).toBe(0);
  });

  it('jumps without waking anybody', async () => {
    const clock = new HandClock(5);
    const slept = clock.sleep(10);
    clock.jump(-1000);
    expect([clock.now(), clock.sleepers]).toEqual([-995, 1]);
    await clock.advance(10);
    await slept;
    expect(clock.now()).toBe(-985);
  });
});
