import { describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { memoryClock } from './clock-memory.ts';
import type { Clock } from './ports.ts';

interface World {
  readonly clock: Clock;
  /** Lets at least so many milliseconds pass. */
  pass(ms: number): Promise<unknown>;
}

function byHand(): World {
  const clock = memoryClock();
  return { clock, pass: (ms) => clock.advance(ms) };
}
function ofTheMachine(): World {
  return { clock: systemClock, pass: (ms) => new Promise((done) => setTimeout(done, ms)) };
}

describe.each([
  ['memory', byHand],
  ['system', ofTheMachine],
])('clock contract: %s', (_, make) => {
  it('sleeps, and wakes once the time has passed', async () => {
    const { clock, pass } = make();
    const before = clock.now();
    const slept = clock.sleep(30).then(() => clock.now() - before);
    await pass(60);
    expect(await slept).toBeGreaterThanOrEqual(29);
  });

  it('tells whole milliseconds or parts of them, never nothing', () => {
    expect(Number.isFinite(make().clock.now())).toBe(true);
  });

  it('does not sleep for no time, less, or what is no number', async () => {
    const { clock } = make();
    await Promise.all([0, -5, Number.NaN].map((ms) => clock.sleep(ms)));
  });

  it('wakes early, without an error, when the signal is aborted', async () => {
    const { clock } = make();
    const stop = new AbortController();
    const slept = clock.sleep(3_600_000, stop.signal);
    stop.abort();
    await slept;
    await clock.sleep(3_600_000, stop.signal);
  });

  it('sleeps longer than a timer of the runtime can', async () => {
    const { clock, pass } = make();
    const stop = new AbortController();
    let awake = false;
    const slept = clock.sleep(2 ** 32, stop.signal).then(() => {
      awake = true;
    });
    await pass(20);
    expect(awake).toBe(false);
    stop.abort();
    await slept;
  });
});

describe('the clock that is moved by hand', () => {
  it('wakes sleepers in the order in which they are due, each at its own time', async () => {
    const clock = memoryClock(1000);
    const woken: [string, number][] = [];
    const wake = (name: string) => () => void woken.push([name, clock.now()]);
    clock.sleep(30).then(wake('c'));
    clock.sleep(10).then(wake('a'));
    clock.sleep(10).then(wake('b'));
    await clock.advance(20);
    expect(woken).toEqual([
      ['a', 1010],
      ['b', 1010],
    ]);
    expect([clock.now(), clock.sleeping]).toEqual([1020, 1]);
  });

  it('wakes one who lies down again within the time that passes', async () => {
    const clock = memoryClock();
    const woken: number[] = [];
    (async () => {
      for (let n = 0; n < 3; n += 1) {
        await clock.sleep(10);
        woken.push(clock.now());
      }
    })();
    await clock.advance(100);
    expect(woken).toEqual([10, 20, 30]);
  });

  it('forgets a sleeper whose signal was aborted', async () => {
    const clock = memoryClock();
    const stop = new AbortController();
    const slept = clock.sleep(10, stop.signal);
    stop.abort();
    await slept;
    expect(clock.sleeping).toBe(0);
  });
});
