import { describe, expect, it } from 'vitest';
import { pickFrom, random } from '../../test/random.ts';
import { type HeldVersion, type Retention, type Tier, thinning } from './thin.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

const TIERS: readonly Tier[] = [
  { until: HOUR, every: 0, isByClient: false },
  { until: DAY, every: MINUTE, isByClient: true },
  { until: WEEK, every: HOUR, isByClient: false },
  { until: 30 * DAY, every: DAY, isByClient: false },
  { until: 365 * DAY, every: WEEK, isByClient: false },
];
/** A Thursday's midnight, when days and weeks begin. */
const START = 2_800 * WEEK;

type Made = Partial<HeldVersion> & { readonly time: number };

const versions = (...made: readonly Made[]): HeldVersion[] =>
  made.map((one, at) => ({ node: 'n', cursor: at + 1, clientId: 'anna', isFixed: false, ...one }));

/** What is left of a node's versions, in the order of cursors. */
function kept(all: readonly HeldVersion[], rest: Partial<Retention> & { readonly now: number }) {
  const goes = thinning({ tiers: TIERS, agreed: [], ...rest });
  return all
    .toReversed()
    .filter((version) => !goes(version))
    .toReversed();
}

const timesOf = (all: readonly HeldVersion[]): number[] => all.map(({ time }) => time - START);

/** Saves of several clients over some weeks, in bursts; the first makes the node, and now and then it is moved. */
function life(seed: number, span = 60 * DAY): HeldVersion[] {
  const next = random(seed);
  const pick = pickFrom(next);
  const made: Made[] = [];
  for (let time = START; time < START + span; ) {
    const clientId = pick(['anna', 'ben']);
    made.push({ time, clientId, isFixed: made.length === 0 || next() < 0.02 });
    time += Math.floor(next() * pick([5_000, 5_000, 90_000, 2 * HOUR, 3 * DAY]));
  }
  return versions(...made);
}

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

describe('thinning', () => {
  it('keeps all within the first tier, then one of each span, then the last', () => {
    const every = (step: number, count: number) =>
      versions(...Array.from({ length: count }, (_, at) => ({ time: START + at * step })));
    const saved = every(10_000, 12);
    expect(kept(saved, { now: START + 59 * MINUTE })).toEqual(saved);
    expect(timesOf(kept(saved, { now: START + 2 * HOUR }))).toEqual([50_000, 110_000]);
    expect(timesOf(kept(saved, { now: START + 2 * DAY }))).toEqual([110_000]);
    const hourly = every(HOUR, 48);
    expect(kept(hourly, { now: START + 4 * DAY })).toEqual(hourly);
    expect(timesOf(kept(hourly, { now: START + 12 * DAY }))).toEqual([23 * HOUR, 47 * HOUR]);
    expect(timesOf(kept(hourly, { now: START + 90 * DAY }))).toEqual([47 * HOUR]);
    const weekly = every(WEEK, 4);
    expect(kept(weekly, { now: START + 300 * DAY })).toEqual(weekly);
    expect(timesOf(kept(weekly, { now: START + 400 * DAY }))).toEqual([3 * WEEK]);
  });

  it('keeps the last of each client within the first day, not of all together', () => {
    const both = versions(
      { time: START + 1_000, clientId: 'anna' },
      { time: START + 2_000, clientId: 'ben' },
      { time: START + 3_000, clientId: 'anna' },
    );
    expect(timesOf(kept(both, { now: START + 2 * HOUR }))).toEqual([2_000, 3_000]);
    expect(timesOf(kept(both, { now: START + 2 * DAY }))).toEqual([3_000]);
  });

  it('never takes the last, nor what made, moved or deleted the node or merged it', () => {
    for (const seed of SEEDS) {
      const all = life(seed);
      for (const now of [0, HOUR, 20 * DAY, 61 * DAY, 2_000 * DAY]) {
        const left = new Set(kept(all, { now: START + now }));
        expect(left.has(all.at(-1) as HeldVersion), `seed ${seed}`).toBe(true);
        for (const one of all) if (one.isFixed) expect(left.has(one), `seed ${seed}`).toBe(true);
      }
    }
  });

  it('takes nothing for the sake of one that is younger than the first tier', () => {
    const saved = versions({ time: START }, { time: START + 30_000 });
    expect(kept(saved, { now: START + HOUR + 20_000 })).toEqual(saved);
    expect(kept(saved, { now: START + HOUR + 40_000 })).toHaveLength(1);
  });

  it('keeps what the node was at a cursor that somebody goes on from', () => {
    const saved = versions(...[0, 1, 2, 3, 4, 5].map((at) => ({ time: START + at * 1_000 })));
    const left = kept(saved, { now: START + 400 * DAY, agreed: [2, 4] });
    expect(left.map(({ cursor }) => cursor)).toEqual([2, 4, 6]);
    const holes = saved.filter(({ cursor }) => [1, 3, 6].includes(cursor));
    const rest = kept(holes, { now: START + 400 * DAY, agreed: [5] });
    expect(rest.map(({ cursor }) => cursor)).toEqual([3, 6]);
  });

  it('does nothing the second time, also where the clock was put back', () => {
    for (const seed of SEEDS) {
      const next = random(seed);
      const all = life(seed).map((one) =>
        next() < 0.1 ? { ...one, time: one.time - Math.floor(next() * 9 * DAY) } : one,
      );
      for (const now of [DAY, 10 * DAY, 61 * DAY, 380 * DAY]) {
        const once = kept(all, { now: START + now });
        expect(kept(once, { now: START + now }), `seed ${seed} after ${now}`).toEqual(once);
      }
    }
  });

  it('leaves the same whether it was done every hour or once at the end', () => {
    for (const seed of SEEDS) {
      const all = life(seed, 40 * DAY);
      let left: readonly HeldVersion[] = [];
      let known = 0;
      for (let now = START; now < START + 40 * DAY; now += HOUR) {
        const until = all.findIndex(({ time }) => time > now);
        const end = until === -1 ? all.length : until;
        left = kept([...left, ...all.slice(known, end)], { now });
        known = end;
      }
      for (const now of [41 * DAY, 75 * DAY, 405 * DAY]) {
        left = kept([...left, ...all.slice(known)], { now: START + now });
        known = all.length;
        expect(left, `seed ${seed} after ${now}`).toEqual(kept(all, { now: START + now }));
      }
    }
  });

  it('never keeps less than a tier promises', () => {
    for (const seed of SEEDS) {
      const all = life(seed);
      for (const now of [3 * DAY, 20 * DAY, 61 * DAY, 200 * DAY].map((age) => START + age)) {
        const left = kept(all, { now });
        const spanOf = (time: number) => {
          const tier = TIERS.find(({ until }) => now - time < until);
          return tier?.every ? `${tier.every} ${Math.floor(time / tier.every)}` : `${time}`;
        };
        const isWithin = ({ time }: HeldVersion) => now - time < 365 * DAY;
        const spans = (some: readonly HeldVersion[]) =>
          new Set(some.filter(isWithin).map(({ time }) => spanOf(time)));
        const lost = spans(all).difference(spans(left));
        // A span that two tiers share counts once: its last version is in the younger.
        for (const one of lost) expect(isShared(one, now), `seed ${seed}, ${one}`).toBe(true);
      }
    }
  });
});

function isShared(span: string, now: number): boolean {
  const [every = 0, slot = 0] = span.split(' ').map(Number);
  const end = (slot + 1) * every;
  return TIERS.some(({ until }) => now - until > slot * every && now - until < end);
}
