import { beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from '../hand-clock.ts';
import { AppliedReporter } from './report-applied.ts';

let clock: HandClock;
let said: string[];
let chance: number;
let reporter: AppliedReporter;
beforeEach(() => {
  clock = new HandClock(0);
  said = [];
  chance = 0.5;
  reporter = new AppliedReporter({
    say: ({ cursor, held }) => said.push(held === 0 ? `${cursor}` : `${cursor}, ${held} held`),
    clock,
    random: () => chance,
  });
});

const note = (cursor: number, held = 0, epoch = 'e'): void =>
  reporter.note({ epoch, cursor, held });
const connect = (): void => reporter.connected({ epoch: 'e', every: 1_000 });

describe('what is applied is told', () => {
  it('at once when the connection is made, and anew with each', () => {
    note(3);
    expect(said).toEqual([]);
    connect();
    expect(said).toEqual(['3']);
    reporter.disconnected();
    connect();
    expect(said).toEqual(['3', '3']);
  });

  it('a while after the first news, in one message for all that came meanwhile', async () => {
    note(0);
    connect();
    for (let cursor = 1; cursor <= 9; cursor += 1) {
      note(cursor);
      await clock.advance(100);
    }
    expect(said).toEqual(['0']);
    await clock.advance(100);
    expect(said).toEqual(['0', '9']);
    await clock.advance(60_000);
    expect(said).toEqual(['0', '9']);
  });

  it('by each client at a time of its own', async () => {
    connect();
    chance = 0;
    note(1);
    await clock.advance(500);
    expect(said).toEqual(['1']);
    chance = 1;
    note(2);
    await clock.advance(1_499);
    expect(said).toEqual(['1']);
    await clock.advance(1);
    expect(said).toEqual(['1', '2']);
  });

  it('at once to who waits for it, and not before it is so', async () => {
    note(1);
    connect();
    reporter.want(3);
    note(2);
    expect(said).toEqual(['1']);
    note(3);
    expect(said).toEqual(['1', '3']);
    note(4);
    expect(said).toEqual(['1', '3']);
    await clock.advance(1_000);
    expect(said).toEqual(['1', '3', '4']);
  });

  it('at once to who waits, when it was to be told later', async () => {
    note(0);
    connect();
    note(3);
    reporter.want(3);
    expect(said).toEqual(['0', '3']);
    await clock.advance(60_000);
    expect(said).toEqual(['0', '3']);
  });

  it('at once too when what was held goes on, to who waits', () => {
    connect();
    reporter.want(3);
    note(3, 2);
    note(3);
    expect(said).toEqual(['3, 2 held', '3']);
  });

  it('never of another history, never to a server that does not ask for it', async () => {
    note(7, 0, 'another');
    connect();
    await clock.advance(60_000);
    expect(said).toEqual([]);
    note(1);
    reporter.disconnected();
    note(2);
    await clock.advance(60_000);
    expect(said).toEqual([]);
  });
});
