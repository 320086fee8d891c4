import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientState } from '../../src/client/ports.ts';
import { openSqliteState } from '../../src/client/state/sqlite/open.ts';
import { syncOnce } from '../../src/client/sync.ts';
import { quiet } from './quiet.ts';
import { type Client, Rig, type StateFile } from './rig.ts';
import { failCall } from './wire.ts';

// Which history the server's is, and which client this one is, when neither can be told by counting.

let above = '';
beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'syncer-'));
});
afterEach(() => rmSync(above, { recursive: true }));

const directoryOf = ({ name }: Client): string => join(above, name);

function inFiles(client: Client): StateFile {
  let state: ClientState | undefined;
  return {
    open: () => {
      const path = join(directoryOf(client), 'state.sqlite');
      state = openSqliteState({ path, newId: client.newId });
      return state;
    },
    crash: () => state?.close(),
  };
}

const rigOf = (...clients: string[]): Rig => new Rig({ clients, stateFile: inFiles });

/** Every connection broke, as when a server is restarted. */
function disconnect(rig: Rig): void {
  for (const { session } of rig.clients) session.welcome = undefined;
}

const idOf = ({ session }: Client): string => session.state.standing.clientId;

/** The machine `to` is a copy of the machine `from`, made while it was off. */
async function clone(from: Client, to: Client): Promise<void> {
  to.session.state.close();
  from.session.state.close();
  rmSync(directoryOf(to), { recursive: true });
  cpSync(directoryOf(from), directoryOf(to), { recursive: true });
  for (const [path, content] of Object.entries(from.files()))
    if (content !== 'dir') to.user.write(path, content);
  from.restart();
  to.restart();
  await to.disk.bind(to.session.state.standing.instance);
}

describe('[S5] a server that went back in time and has gone on since', () => {
  it('[B18] [G08] is noticed by what its history is called, though it counts further; nothing is lost', async () => {
    const rig = rigOf('anna', 'ben', 'carl');
    const [anna, carl] = [rig.client('anna'), rig.client('carl')];
    anna.user.write('old', 'O');
    await rig.settle();
    const backup = rig.server.backUp();
    anna.user.write('newer', 'N');
    anna.user.write('old', 'O edited');
    for (const name of ['anna', 'ben', 'anna', 'ben']) await rig.client(name).round();
    const { cursor } = rig.server;
    rig.server.restore(backup);
    disconnect(rig);
    for (const name of ['x', 'y', 'z']) carl.user.write(name, name);
    await carl.round();
    expect(rig.server.cursor).toBeGreaterThan(cursor);
    await quiet(rig);
    expect(anna.files()).toMatchObject({ old: 'O edited', newer: 'N', x: 'x', y: 'y', z: 'z' });
    expect(carl.files()).toEqual(anna.files());
  });

  it('[B18] also when it lost what was accepted a moment ago, after a commit of somebody else', async () => {
    const rig = rigOf('anna', 'carl');
    const [anna, carl] = [rig.client('anna'), rig.client('carl')];
    anna.user.write('old', 'O');
    await rig.settle();
    const backup = rig.server.backUp();
    const other = rig.server.api('other');
    const make = (name: string) =>
      other.commit({
        ...{ key: name, manifests: [], chunks: [] },
        changes: [
          { type: 'create', node: name, kind: 'directory', place: { parent: 'root', name } },
        ],
      });
    anna.user.write('newer', 'N');
    anna.onPush = () => undefined;
    anna.wire.fault = (call) => {
      if (call === 'commit') void make('between');
      return undefined;
    };
    await anna.round();
    anna.wire.heal();
    const { standing } = anna.session.state;
    expect(standing.known?.cursor).toBe(standing.cursor + 2);
    rig.server.restore(backup);
    disconnect(rig);
    for (const name of ['x', 'y', 'z']) await make(name);
    await quiet(rig);
    expect(carl.files()).toMatchObject({ old: 'O', newer: 'N', x: 'dir' });
  });

  it.each([
    ['asks', true],
    ['offers', false],
  ])(
    '[B18] [E03] also by one who was not told that the connection broke, and %s',
    async (_, asks) => {
      const rig = rigOf('anna', 'carl');
      const [anna, carl] = [rig.client('anna'), rig.client('carl')];
      anna.user.write('old', 'O');
      await rig.settle();
      const backup = rig.server.backUp();
      anna.user.write('newer', 'N');
      await anna.round();
      rig.server.restore(backup);
      carl.session.welcome = undefined;
      for (const name of ['x', 'y', 'z']) carl.user.write(name, name);
      await carl.attempt();
      await carl.attempt();
      anna.user.write('late', 'L');
      anna.session.behind = asks;
      await expect(syncOnce(anna.session, 'everything')).rejects.toMatchObject({
        code: 'wrong_epoch',
      });
      anna.session.welcome = undefined;
      await quiet(rig);
      expect(anna.files()).toEqual({ old: 'O', newer: 'N', late: 'L', x: 'x', y: 'y', z: 'z' });
      expect(carl.files()).toEqual(anna.files());
    },
  );

  it('[B18] also when it was read only half', async () => {
    const rig = new Rig({ clients: ['anna', 'ben', 'carl'], server: { page: 1 } });
    const [anna, ben, carl] = [rig.client('anna'), rig.client('ben'), rig.client('carl')];
    anna.user.write('old', 'O');
    await rig.settle();
    const backup = rig.server.backUp();
    for (const name of ['a', 'b', 'c', 'd']) anna.user.write(name, name);
    ben.onPush = () => undefined;
    await anna.round();
    ben.session.welcome = undefined;
    ben.wire.fault = failCall(2, 'unreachable', ['changes']);
    expect(await ben.attempt()).toBeDefined();
    ben.wire.heal();
    expect(ben.session.state.standing.pulling).toBeDefined();
    rig.server.restore(backup);
    disconnect(rig);
    for (const name of 'uvwxyz') carl.user.write(name, name);
    await carl.round();
    await quiet(rig);
    expect(Object.keys(ben.files()).sort()).toEqual([...'abcd', 'old', ...'uvwxyz']);
  });
});

describe('[S20] a client that was copied', () => {
  it('[D23] gets an id of its own while both work, and nothing is lost', async () => {
    const rig = rigOf('anna', 'ben', 'carl');
    const [anna, ben, carl] = [rig.client('anna'), rig.client('ben'), rig.client('carl')];
    anna.user.write('f', 'v0');
    anna.user.write('g', 'v0');
    await rig.settle();
    await clone(anna, ben);
    expect(idOf(ben)).toBe(idOf(anna));
    const { cursor } = ben.session.state.standing;
    anna.user.write('f', 'by anna');
    ben.user.write('g', 'by ben');
    ben.user.write('new', 'N');
    await anna.round();
    await ben.round();
    expect(idOf(ben)).not.toBe(idOf(anna));
    expect(ben.session.state.standing.cursor).toBeGreaterThan(cursor);
    expect(ben.warnings).toEqual([expect.stringContaining('A copy of this client')]);
    await quiet(rig);
    expect(carl.files()).toEqual({ f: 'by anna', g: 'by ben', new: 'N' });
    const ids = [idOf(anna), idOf(ben)];
    disconnect(rig);
    await rig.settle();
    expect([idOf(anna), idOf(ben)]).toEqual(ids);
  });

  it('[D23] in the middle of an introduction is found at the next one', async () => {
    const rig = rigOf('anna', 'ben');
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    anna.user.write('f', 'v0');
    await rig.settle();
    disconnect(rig);
    anna.wire.loses = (call) => call === 'register';
    expect(await anna.attempt()).toBeDefined();
    anna.wire.heal();
    await clone(anna, ben);
    await anna.round();
    await ben.round();
    expect(idOf(ben)).toBe(idOf(anna));
    disconnect(rig);
    await quiet(rig);
    expect(idOf(ben)).not.toBe(idOf(anna));
  });

  it('[D23] says so, though it ends as soon as that is recorded', async () => {
    const rig = rigOf('anna', 'ben');
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    anna.user.write('f', 'F');
    await rig.settle();
    await clone(anna, ben);
    await anna.round();
    const { state } = ben.session;
    const record = state.record.bind(state);
    state.record = (notes) => {
      record(notes);
      if (idOf(ben) !== idOf(anna)) throw new Error('killed');
    };
    await expect(ben.round()).rejects.toThrow('killed');
    ben.restart();
    await quiet(rig);
    expect(ben.warnings).toEqual([expect.stringContaining('A copy of this client')]);
  });

  it('[D23] [A26] keeps both versions under one name of the client, and comes to rest', async () => {
    const rig = rigOf('anna', 'ben', 'carl');
    const [anna, ben, carl] = [rig.client('anna'), rig.client('ben'), rig.client('carl')];
    anna.user.write('f', 'v0');
    await rig.settle();
    await clone(anna, ben);
    Object.assign(ben.session.settings, { clientName: 'anna' });
    const later = Date.UTC(2026, 0, 2);
    for (const [client, text] of [
      [anna, 'one'],
      [ben, 'two'],
      [carl, 'three'],
    ] as const) {
      client.user.write('f', text);
      client.user.setTime('f', later);
    }
    await quiet(rig);
    expect(Object.values(carl.files()).sort()).toEqual(['one', 'three', 'two']);
  });

  it('[D23] is not seen in one whose answer was lost, or that ended before it asked', async () => {
    const rig = rigOf('anna');
    const anna = rig.client('anna');
    await rig.settle();
    const id = idOf(anna);
    for (const isLost of [true, false]) {
      disconnect(rig);
      if (isLost) anna.wire.loses = (call) => call === 'register';
      else anna.wire.fault = failCall(1, 'unreachable', ['register']);
      expect(await anna.attempt()).toBeDefined();
      anna.wire.heal();
      anna.restart();
      await rig.settle();
    }
    expect(idOf(anna)).toBe(id);
    expect(anna.warnings).toEqual([]);
  });

  it('[B06] an older state that was put back goes on under a new id; nothing is deleted or taken back', async () => {
    const rig = rigOf('anna', 'ben');
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    for (const name of ['stays', 'edited', 'deleted']) ben.user.write(name, 'v0');
    await rig.settle();
    const copy = mkdtempSync(join(above, 'copy-'));
    cpSync(directoryOf(ben), copy, { recursive: true });
    ben.user.write('edited', 'v1');
    ben.user.remove('deleted');
    ben.user.write('new', 'N');
    disconnect(rig);
    await rig.settle();
    const id = idOf(ben);
    const { cursor } = rig.server;
    ben.session.state.close();
    rmSync(directoryOf(ben), { recursive: true });
    cpSync(copy, directoryOf(ben), { recursive: true });
    ben.restart();
    await quiet(rig);
    expect(idOf(ben)).not.toBe(id);
    expect(anna.files()).toEqual({ stays: 'v0', edited: 'v1', new: 'N' });
    expect(ben.files()).toEqual(anna.files());
    expect(rig.server.cursor).toBe(cursor);
  });

  it('[B17] a server that has forgotten the tokens makes no copies of anybody', async () => {
    const rig = rigOf('anna', 'ben');
    const anna = rig.client('anna');
    anna.user.write('f', 'F');
    await rig.settle();
    const backup = rig.server.backUp();
    const id = idOf(anna);
    anna.user.write('g', 'G');
    disconnect(rig);
    await rig.settle();
    rig.server.restore(backup);
    disconnect(rig);
    await quiet(rig);
    expect(idOf(anna)).toBe(id);
  });
});

describe('[S19] another server under the same directory', () => {
  const at = (rig: Rig, server: string): void => {
    for (const { session } of rig.clients) Object.assign(session.settings, { server });
    disconnect(rig);
  };

  it('[B19] is asked about: nothing is sent, taken or deleted', async () => {
    const rig = rigOf('anna', 'ben');
    const [anna, ben] = [rig.client('anna'), rig.client('ben')];
    at(rig, 'one:8000');
    anna.user.write('f', 'F');
    await quiet(rig);
    at(rig, 'two:8000');
    const { epoch } = rig.server;
    const backup = rig.server.backUp();
    rig.server.epoch = 'another';
    rig.server.forgetAll();
    for (const client of [anna, ben])
      expect(await client.attempt()).toMatchObject({ code: 'other_server', retry: false });
    expect(rig.serverFiles()).toEqual(new Map());
    expect(anna.files()).toEqual({ f: 'F' });
    rig.server.epoch = epoch;
    rig.server.restore(backup);
    at(rig, 'one:8000');
    anna.user.write('g', 'G');
    await quiet(rig);
    expect(ben.files()).toEqual({ f: 'F', g: 'G' });
  });

  it('[B19] is the same one where its history is', async () => {
    const rig = rigOf('anna', 'ben');
    at(rig, 'one:8000');
    rig.client('anna').user.write('f', 'F');
    await quiet(rig);
    at(rig, 'two:8000');
    rig.client('anna').user.write('f', 'F2');
    await quiet(rig);
    expect(rig.client('ben').files()).toEqual({ f: 'F2' });
    expect(rig.client('ben').session.state.standing.server).toBe('two:8000');
  });
});
