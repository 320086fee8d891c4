import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trashOf } from '../../src/client/disk/world.ts';
import type { ClientState } from '../../src/client/ports.ts';
import { StateDamaged } from '../../src/client/state/failures.ts';
import { openSqliteState, setAsideSqliteState } from '../../src/client/state/sqlite/open.ts';
import { quiet } from './quiet.ts';
import { type Client, pair, type StateFile } from './rig.ts';
import { failCall } from './wire.ts';

// A client whose database is not the one that it left: what it then believes must delete nothing.

let above = '';
beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'syncer-'));
});
afterEach(() => rmSync(above, { recursive: true }));

const directoryOf = ({ name }: Client): string => join(above, name);

/** The state in a real database; a damaged one is set aside, as the program does. */
function inFiles(client: Client): StateFile {
  const path = join(directoryOf(client), 'state.sqlite');
  let state: ClientState | undefined;
  const open = (): ClientState => openSqliteState({ path, newId: client.newId });
  return {
    open: () => {
      try {
        state = open();
      } catch (error) {
        if (!(error instanceof StateDamaged)) throw error;
        setAsideSqliteState({ path, to: `${path}.damaged` });
        state = open();
      }
      return state;
    },
    crash: () => state?.close(),
  };
}

/** Files as a backup program copies them, with the client running. */
function copyOf(client: Client): string {
  const copy = mkdtempSync(join(above, 'copy-'));
  cpSync(directoryOf(client), copy, { recursive: true });
  return copy;
}

/** The client ends, its files become these, it starts again. */
function replaceBy(client: Client, copy: string): void {
  client.session.state.close();
  rmSync(directoryOf(client), { recursive: true });
  cpSync(copy, directoryOf(client), { recursive: true });
  client.restart();
}

const work = () => {
  const both = pair({ stateFile: inFiles });
  for (const name of ['stays', 'edited', 'deleted', 'd/moved', 'd/deep/f'])
    both.anna.user.write(name, `${name} at first`);
  return both;
};

const LATER = {
  d: 'dir',
  'd/deep': 'dir',
  'd/deep/f': 'd/deep/f at first',
  edited: 'edited later',
  moved: 'd/moved at first',
  'new of anna': 'A',
  'new of ben': 'B',
  stays: 'stays at first',
};

/** Both have done things since the copy was made; all is in sync. */
async function later({ rig, anna, ben }: ReturnType<typeof work>): Promise<void> {
  anna.user.write('edited', 'edited later');
  anna.user.remove('deleted');
  ben.user.rename('d/moved', 'moved');
  anna.user.write('new of anna', 'A');
  ben.user.write('new of ben', 'B');
  await rig.settle();
  expect(ben.files()).toEqual(LATER);
}

describe('a state that is older than the disk', () => {
  it('[B06] [B07] deletes nothing, brings nothing back, and knows its own work again', async () => {
    const world = work();
    await world.rig.settle();
    const copy = copyOf(world.ben);
    await later(world);
    const { cursor } = world.rig.server;
    replaceBy(world.ben, copy);
    await quiet(world.rig);
    expect(world.anna.files()).toEqual(LATER);
    expect(world.ben.files()).toEqual(LATER);
    expect(world.rig.server.cursor).toBe(cursor);
  });

  it('[B07] what was done with the disk meanwhile is told, and conflicts are kept', async () => {
    const world = work();
    await world.rig.settle();
    const copy = copyOf(world.ben);
    await later(world);
    world.ben.user.write('edited', 'edited by ben');
    world.ben.user.remove('stays');
    world.rig.clock.pass(5000);
    world.anna.user.write('edited', 'edited by anna');
    await world.anna.round();
    replaceBy(world.ben, copy);
    await quiet(world.rig);
    const { stays, ...rest } = LATER;
    expect(stays).toBe('stays at first');
    expect(world.anna.files()).toMatchObject({ ...rest, edited: 'edited by anna' });
    expect(Object.values(world.anna.files())).toContain('edited by ben');
    expect(world.anna.files().stays).toBe(undefined);
  });
});

describe('half a state', () => {
  it.each(['synced', 'local', 'remote'])(
    '[B07] without every other row of `%s` nothing is lost',
    async (table) => {
      const { rig, anna, ben } = work();
      await rig.settle();
      for (const name of ['stays', 'edited', 'd/moved']) anna.user.write(name, `${name} by anna`);
      await anna.round();
      for (const name of 'abcd') ben.user.write(`unsent ${name}`, name);
      ben.fault = (step) => (step === 'place' ? 'denied' : undefined);
      ben.wire.fault = failCall(1, 'unreachable', ['commit']);
      expect(await ben.attempt()).toMatchObject({ code: 'unreachable' });
      ben.session.state.close();
      const database = new Database(join(directoryOf(ben), 'state.sqlite'));
      const { changes } = database.prepare(`DELETE FROM ${table} WHERE rowid % 2 = 0`).run();
      database.close();
      expect(changes).toBeGreaterThan(0);

      ben.fault = () => undefined;
      const before = [Object.values(anna.files()), Object.values(ben.files())].flat();
      ben.restart();
      for (let turn = 0; turn < 5; turn += 1) {
        rig.clock.pass(60_000);
        for (const client of rig.clients) await client.attempt();
      }
      const after = new Set([Object.values(anna.files()), Object.values(ben.files())].flat());
      const kept = new Set([
        ...after,
        ...trashOf(anna.user).values(),
        ...trashOf(ben.user).values(),
      ]);
      expect(before.filter((content) => !kept.has(content))).toEqual([]);
      for (const content of ['stays by anna', 'edited by anna', 'd/moved by anna', ...'abcd'])
        expect(after).toContain(content);
    },
  );
});

describe('[D11] a database without its log', () => {
  it.each([
    ['copied without it, while it was in use', false],
    ['whose log was deleted after a crash', true],
  ])('%s: whatever it knows, nothing is deleted', async (_, isLate) => {
    const world = work();
    await world.rig.settle();
    const early = copyOf(world.ben);
    await later(world);
    const copy = isLate ? copyOf(world.ben) : early;
    expect(readdirSync(copy)).toContain('state.sqlite-wal');
    rmSync(join(copy, 'state.sqlite-wal'));
    rmSync(join(copy, 'state.sqlite-shm'), { force: true });
    world.ben.user.write('unsent', 'U');
    replaceBy(world.ben, copy);
    await quiet(world.rig);
    expect(world.ben.files()).toEqual({ ...LATER, unsent: 'U' });
    expect(world.anna.files()).toEqual(world.ben.files());
  });

  it.each([0, 0.5, 0.97])('[D10] whose log is cut to %d of it goes on from there', async (part) => {
    const world = work();
    await world.rig.settle();
    await later(world);
    const copy = copyOf(world.ben);
    const log = join(copy, 'state.sqlite-wal');
    truncateSync(log, Math.floor(statSync(log).size * part));
    rmSync(join(copy, 'state.sqlite-shm'), { force: true });
    world.ben.user.write('unsent', 'U');
    replaceBy(world.ben, copy);
    await quiet(world.rig);
    expect(world.ben.files()).toEqual({ ...LATER, unsent: 'U' });
    expect(world.anna.files()).toEqual(world.ben.files());
  });

  it('[D10] one that is cut short is set aside, and all is found again', async () => {
    const world = work();
    await world.rig.settle();
    await later(world);
    world.ben.user.write('unsent', 'U');
    world.ben.session.state.close();
    truncateSync(join(directoryOf(world.ben), 'state.sqlite'), 4096 * 2);
    // As `init` does after a state is lost: who has the directory says that it is to be taken.
    const state = inFiles(world.ben).open();
    await world.ben.disk.bind(state.standing.instance);
    state.close();
    world.ben.restart();
    await quiet(world.rig);
    expect(readdirSync(directoryOf(world.ben))).toContain('state.sqlite.damaged');
    expect(world.ben.files()).toEqual({ ...LATER, unsent: 'U' });
    expect(world.anna.files()).toEqual(world.ben.files());
  });
});

describe('[B05] no state at all', () => {
  it.each(['ben', 'anna'] as const)(
    'what differs is a conflict, in which the newer stays (of %s)',
    async (newer) => {
      const { rig, anna, ben } = pair();
      anna.user.write('f', 'v0');
      anna.user.write('same', 'S');
      await rig.settle();
      const later = Date.UTC(2026, 0, 2);
      ben.user.write('f', 'by ben');
      anna.user.write('f', 'by anna');
      (newer === 'ben' ? ben : anna).user.setTime('f', later + 5000);
      (newer === 'ben' ? anna : ben).user.setTime('f', later);
      ben.forget();
      await quiet(rig);
      expect(ben.files()).toMatchObject({ f: `by ${newer}`, same: 'S' });
      expect(Object.values(ben.files()).sort()).toEqual(['S', 'by anna', 'by ben']);
    },
  );
});
