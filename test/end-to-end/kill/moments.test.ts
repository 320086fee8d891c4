import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bytesOf } from '../../memory-app.ts';
import { until } from '../processes.ts';
import { differences, textsIn } from '../tree.ts';
import type { Plan } from './plan.ts';
import { hashOf } from './vigil.ts';
import { type Role, World } from './world.ts';

vi.setConfig({ testTimeout: 180_000 });

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

const at = (role: 'anna' | 'ben', path: string): string => join(world[role].directory, path);
const text = (role: 'anna' | 'ben', path: string): string | undefined =>
  existsSync(at(role, path)) ? readFileSync(at(role, path), 'utf8') : undefined;
/** In one step: nobody ever sees a part of it. `ahead`: milliseconds that its time is ahead of now. */
function save(
  role: 'anna' | 'ben',
  path: string,
  ...[bytes, ahead = 0]: readonly [string | Uint8Array, number?]
): void {
  const aside = join(world.bench.directory, 'aside');
  const time = (Date.now() + ahead) / 1000;
  world.work.contents.add(hashOf(Buffer.from(bytes)));
  writeFileSync(aside, bytes);
  utimesSync(aside, time, time);
  renameSync(aside, at(role, path));
}

const copies = (role: 'anna' | 'ben'): string[] =>
  readdirSync(world[role].directory).filter((name) => name.includes('conflict'));

async function become(role: 'anna' | 'ben', path: string, content: string): Promise<void> {
  const what = () => `${path} is ${text(role, path)?.slice(0, 80)}\n${world.told()}`;
  await until(() => text(role, path) === content, { seconds: 60, what });
}

async function becomeEqual(): Promise<void> {
  const unequal = () => differences(world.anna.directory, world.ben.directory);
  const what = () => `${unequal().join('\n')}\n${world.told()}`;
  await until(() => unequal().length === 0, { seconds: 60, what });
}

/** The process is stopped at that step, as by a machine that falls asleep, and goes on when it is resumed. */
async function sleepsAt(role: Role, name: string, act: () => void): Promise<void> {
  world.plan(role, { round: name, at: { name, nth: 1 }, signal: 'SIGSTOP' });
  act();
  const came = () => world.steps(role, name).some((step) => step.name === name);
  await until(came, { what: () => world.told() });
}

async function diesAt(role: Role, name: string, act: () => void): Promise<void> {
  world.plan(role, { round: name, at: { name, nth: 1 } });
  act();
  await until(() => !world.programs[role].isRunning, { what: () => world.told() });
  world.plan(role, { round: '' });
}

const HOURS = 8 * 60 * 60 * 1000;
const ASKED = { commit: 'POST /v1/commits asked', fetch: 'POST /v1/chunks/fetch asked' };

describe('[E01] the answer to a commit that nobody hears', () => {
  it.each([
    'before POST /v1/commits answered',
    'after COMMIT src/server/metadata/sqlite/writer.ts',
  ])('because the server dies %s, is given again: one commit, no copy', async (step) => {
    save('anna', 'f', 'v1');
    await become('ben', 'f', 'v1');
    const name = await wholeName('server', step);
    const before = await world.cursor();
    await diesAt('server', name, () => save('anna', 'f', 'v2'));
    await world.start('server');
    await become('ben', 'f', 'v2');
    await becomeEqual();
    expect(await world.cursor()).toBe(before + 1);
    expect(copies('anna')).toEqual([]);
  });

  it('because the client dies before it notes it, is found again: one commit, no copy', async () => {
    const name = `after ${ASKED.commit}`;
    await diesAt('anna', name, () => save('anna', 'f', 'v1'));
    await become('ben', 'f', 'v1');
    await world.start('anna');
    await world.inSync('anna');
    save('ben', 'f', 'v2');
    await become('anna', 'f', 'v2');
    expect(await world.cursor()).toBe(2);
    expect(copies('anna')).toEqual([]);
  });
});

/** With the line, which a place of the source has only for as long as nobody edits it. */
async function wholeName(role: Role, start: string): Promise<string> {
  if (!start.includes('src/')) return start;
  world.plan(role, { round: 'find' });
  save('anna', 'found', 'found');
  await become('ben', 'found', 'found');
  const found = world.steps(role, 'find').find(({ name }) => name.startsWith(start));
  if (found === undefined) throw new Error(`There is no ${start}.`);
  return found.name;
}

describe('[D01] [S13] a client that dies between the two names of what it had lifted', () => {
  const swap = (): void => {
    world.suspend('anna');
    const [p, q, aside] = ['p', 'q', 'aside'].map((name) => at('anna', name)) as [
      string,
      string,
      string,
    ];
    renameSync(p, aside);
    renameSync(q, p);
    renameSync(aside, q);
    world.resume('anna');
  };

  it('makes no copy of it', async () => {
    for (const name of ['p', 'q']) save('anna', name, name);
    for (const name of ['p', 'q']) await become('ben', name, name);
    world.plan('ben', { round: 'swap' });
    swap();
    await become('ben', 'p', 'q');
    await become('ben', 'q', 'p');
    const unlinks = world
      .steps('ben', 'swap')
      .filter(({ name }) => /^before unlinkSync .*put\.ts/.test(name));
    expect(unlinks.length).toBeGreaterThanOrEqual(2);
    for (const [i, step] of unlinks.entries()) {
      world.plan('ben', { round: `swap ${i}`, at: step });
      swap();
      await until(() => !world.programs.ben.isRunning, { what: () => world.told() });
      world.plan('ben', { round: '' });
      await world.start('ben');
      await world.inSync('ben');
      await becomeEqual();
      expect(copies('ben')).toEqual([]);
    }
  });
});

describe('[D04] an upload that is cut off by the death of the client', () => {
  const bytes = (seed: number): Buffer => bytesOf(20 * 1024 * 1024, seed);

  it('goes on with what the server has confirmed, and sends nothing twice', async () => {
    const name = 'after POST /v1/chunks asked';
    await diesAt('anna', name, () => save('anna', 'large', bytes(1)));
    expect(await world.cursor()).toBe(0);
    await startCounting('anna', 'again');
    await until(() => existsSync(at('ben', 'large')), { seconds: 60, what: () => world.told() });
    await becomeEqual();
    const sent = world.steps('anna', 'again').filter((step) => step.name === name);
    // Three requests of 8 MiB carry all of it, and one of them at least had arrived.
    expect(sent.length).toBeLessThan(3);
  });

  it.each(['while it is dead', 'while it sleeps'])(
    'is made of one version only, though the file changes %s',
    async (when) => {
      const name = 'after POST /v1/chunks asked';
      const changed = Buffer.concat([bytes(1).subarray(0, 1000), bytes(2).subarray(1000)]);
      const act = when.includes('dead') ? diesAt : sleepsAt;
      await act('anna', name, () => save('anna', 'large', bytes(1)));
      save('anna', 'large', changed);
      if (when.includes('dead')) await world.start('anna');
      else world.resume('anna');
      const isThere = () =>
        existsSync(at('ben', 'large')) && readFileSync(at('ben', 'large')).equals(changed);
      await until(isThere, { seconds: 60, what: () => world.told() });
      await becomeEqual();
      world.vigil.look();
    },
  );
});

async function startCounting(role: Role, round: string): Promise<void> {
  world.plan(role, { round });
  await world.start(role);
}

describe('[D24] a machine that slept eight hours', () => {
  it('in the middle of a commit offers nothing stale: both versions live on', async () => {
    save('anna', 'f', 'v0');
    await become('ben', 'f', 'v0');
    await sleepsAt('anna', `before ${ASKED.commit}`, () => save('anna', 'f', 'A'));
    save('ben', 'f', 'B');
    await until(async () => (await world.cursor()) === 2, { what: () => world.told() });
    world.plan('anna', { round: '', clock: HOURS });
    world.resume('anna');
    await until(() => copies('ben').length === 1, { seconds: 60, what: () => world.told() });
    await becomeEqual();
    for (const role of ['anna', 'ben'] as const)
      for (const content of ['A', 'B']) expect(textsIn(at(role, ''))).toContain(content);
    expect(copies('anna')).toHaveLength(1);
  });

  it('in the middle of a download ends with what is newest, and tells the others nothing', async () => {
    const name = `after ${ASKED.fetch}`;
    save('anna', 'large', bytesOf(3_000_000, 1));
    await until(() => existsSync(at('ben', 'large')), { what: () => world.told() });
    const next = () => save('anna', 'large', bytesOf(3_000_000, 2));
    await sleepsAt('ben', name, next);
    await until(async () => (await world.cursor()) === 2, { what: () => world.told() });
    const newest = bytesOf(2_000_000, 3);
    save('anna', 'large', newest);
    save('anna', 'other', 'other');
    await until(async () => (await world.cursor()) === 4, { what: () => world.told() });
    renameSync(at('anna', 'large'), at('anna', 'renamed'));
    await until(async () => (await world.cursor()) === 5, { what: () => world.told() });
    // What its own user saved before it fell asleep is not written over either.
    save('ben', 'mine', 'mine');
    world.plan('ben', { round: '', clock: HOURS });
    world.resume('ben');
    await become('anna', 'mine', 'mine');
    await becomeEqual();
    expect(readFileSync(at('ben', 'renamed')).equals(newest)).toBe(true);
    expect([existsSync(at('ben', 'large')), copies('ben')]).toEqual([false, []]);
    expect(await world.cursor()).toBe(6);
  });
});

const YEAR = 366 * 24 * 60 * 60 * 1000;
const jump = (clocks: Readonly<Record<Role, number>>): void => {
  for (const [role, clock] of Object.entries(clocks)) {
    const plan: Plan = { round: '', clock };
    world.plan(role as Role, plan);
  }
};

describe('[C12] clocks that jump while all are at work', () => {
  it('a year on, a year back, on each machine: all goes on, and the later save holds', async () => {
    const jumps = [
      { anna: YEAR, ben: 0, server: 0 },
      { anna: -YEAR, ben: YEAR, server: 0 },
      { anna: 0, ben: -YEAR, server: -YEAR },
      { anna: -YEAR, ben: 0, server: YEAR },
      { anna: 0, ben: 0, server: 0 },
    ];
    save('anna', 'f', 'v0');
    await become('ben', 'f', 'v0');
    for (const [i, clocks] of jumps.entries()) {
      const before = await world.cursor();
      jump(clocks);
      // An editor that lives in the jumped time gives the file that time, too.
      save('anna', 'f', `${i} of anna`, clocks.anna);
      await become('ben', 'f', `${i} of anna`);
      save('ben', 'f', `${i} of ben`, clocks.ben);
      await become('anna', 'f', `${i} of ben`);
      await becomeEqual();
      expect(await world.cursor()).toBe(before + 2);
      expect(copies('anna')).toEqual([]);
    }
  });

  it('both edit one file, each in another year: both versions live on', async () => {
    save('anna', 'f', 'v0');
    await become('ben', 'f', 'v0');
    jump({ anna: YEAR, ben: -YEAR, server: 0 });
    for (const role of ['anna', 'ben'] as const) world.suspend(role);
    save('anna', 'f', 'A', YEAR);
    save('ben', 'f', 'B', -YEAR);
    for (const role of ['anna', 'ben'] as const) world.resume(role);
    await until(() => copies('anna').length === 1 && copies('ben').length === 1, {
      seconds: 60,
      what: () => world.told(),
    });
    await becomeEqual();
    for (const content of ['A', 'B']) expect(textsIn(at('ben', ''))).toContain(content);
  });

  it('and whoever starts in the wrong year rests like anybody else', async () => {
    world.work.do();
    world.work.contest();
    await world.converges();
    jump({ anna: YEAR, ben: -YEAR, server: -YEAR });
    await world.restsAfterASecondStart();
    jump({ anna: -YEAR, ben: YEAR, server: YEAR });
    await world.restsAfterASecondStart();
  });
});
