import { describe, expect, it } from 'vitest';
import { memoryFolder } from '../../src/client/api/folder/memory.ts';
import { askingApi } from '../../src/client/plan/asking-api.ts';
import { type Plan, planRound } from '../../src/client/plan/plan.ts';
import { untouchedDisk } from '../../src/client/plan/untouched-disk.ts';
import { openSession } from '../../src/client/session.ts';
import { MemoryStateFile } from '../../src/client/state/memory.ts';
import type { Chunk } from '../../src/core/chunk.ts';
import { ignorePatterns } from '../../src/core/ignore.ts';
import { pickFrom, random } from '../random.ts';
import { type Client, pair, type Rig } from './rig.ts';
import { manyThings } from './work.ts';

/** States that can be copied, as a file can. */
function copyable() {
  const files = new Map<string, MemoryStateFile>();
  const stateFile = ({ name, newId, onState }: Client): MemoryStateFile => {
    const file = new MemoryStateFile({ newId, fault: (call) => onState(call) });
    files.set(name, file);
    return file;
  };
  return { files, options: { stateFile } };
}

type Files = ReadonlyMap<string, MemoryStateFile>;

async function planOf(
  { rig, files }: { readonly rig: Rig; readonly files: Files },
  client: Client,
): Promise<Plan & { readonly said: readonly string[] }> {
  const file = files.get(client.name);
  if (file === undefined) throw new Error('no state');
  const said: string[] = [];
  const chunks = new Map<string, Chunk>();
  const folder = memoryFolder(rig.server, { clientId: 'nobody', clientName: 'nobody' });
  const api = askingApi({ api: rig.server.api('nobody'), folder, chunks });
  const { clock, settings } = client.session;
  let last = 0;
  const newId = (): string => {
    last += 1;
    return `plan-${last}`;
  };
  const { disk } = untouchedDisk(client.disk, client.disk.features);
  const session = openSession(
    { disk, api, state: file.copy({ newId }).open(), clock, newId },
    {
      settings,
      ignore: ignorePatterns(settings.ignorePatterns),
      listener: { happened: () => {}, progressed: () => {}, warned: (text) => said.push(text) },
      alsoDirty: (where) => where,
      ignoreChanged: () => {},
    },
  );
  const plan = await planRound(session, { folder, chunks, notes: said });
  return { ...plan, said };
}

/** In the words of what a client tells of its round. */
const linesOf = ({ here, server }: Plan): string[] =>
  [
    ...here.map(({ operation, path }) => `received ${operation} ${path}`),
    ...server.map(({ operation, path }) => `sent ${operation} ${path}`),
  ].sort();

const done = (client: Client): string[] =>
  client.happenings
    .splice(0)
    .map(({ direction, operation, path }) => `${direction} ${operation} ${path}`)
    .sort();

const NAMES = ['a', 'b', 'c', 'd/a', 'd/b', 'd/e/a', 'e/a', 'e'];

/** What cannot be done at the moment is not done. */
function someAct({ user }: Client, next: () => number): void {
  const pick = pickFrom(next);
  const [path, other] = [pick(NAMES), pick([...NAMES, 'd', 'f'])];
  try {
    const action = pick(['write', 'write', 'remove', 'move'] as const);
    if (action === 'write') user.write(path, `${path} ${Math.floor(next() * 1e9)}\n`);
    else if (action === 'remove') user.remove(path);
    else user.rename(path, other);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

describe('what is planned', () => {
  it('is what the next round does, and nothing happens before', async () => {
    const { files, options } = copyable();
    const { rig, anna, ben } = await manyThings(options);
    for (const client of [ben, anna, ben, anna]) {
      rig.clock.pass(60_000);
      const before = [client.files(), rig.serverFiles(), rig.server.cursor];
      const asked = new Map(rig.server.calls);
      client.happenings.splice(0);
      const plan = await planOf({ rig, files }, client);
      expect([client.files(), rig.serverFiles(), rig.server.cursor]).toEqual(before);
      for (const [method, count] of rig.server.calls)
        if (method !== 'changes') expect(count, method).toBe(asked.get(method));
      await client.round();
      expect(linesOf(plan)).toEqual(done(client));
    }
  });

  it('is what the next round does, whatever people did before', async () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const next = random(seed);
      const pick = pickFrom(next);
      const { files, options } = copyable();
      const { rig, anna, ben } = pair(options);
      for (let turn = 0; turn < 6; turn += 1) {
        for (let act = 0; act < 5; act += 1) someAct(pick([anna, ben]), next);
        const client = pick([anna, ben]);
        rig.clock.pass(60_000);
        const before = [client.files(), rig.server.cursor];
        const plan = await planOf({ rig, files }, client);
        expect([client.files(), rig.server.cursor]).toEqual(before);
        client.happenings.splice(0);
        await client.round();
        expect(linesOf(plan), `seed ${seed}, turn ${turn}`).toEqual(done(client));
      }
    }
  });

  it('knows which texts are merged, and which become a conflict', async () => {
    const { files, options } = copyable();
    const { rig, anna, ben } = pair(options);
    anna.user.write('merged', '1\n2\n3\n');
    anna.user.write('copied', '1\n2\n3\n');
    await rig.settle();
    anna.user.write('merged', '1 anna\n2\n3\n');
    anna.user.write('copied', '1 anna\n2\n3\n');
    await anna.round();
    rig.clock.pass(60_000);
    ben.user.write('merged', '1\n2\n3 ben\n');
    ben.user.write('copied', '1 ben\n2\n3\n');
    const { here, server } = await planOf({ rig, files }, ben);
    const merged = 'both sides edited the text in different lines: it is merged';
    expect(here).toContainEqual(
      expect.objectContaining({ operation: 'update', path: 'merged', reason: merged }),
    );
    expect(server.map(({ path, reason }) => [path, reason])).toEqual([
      ['copied', 'both sides changed it; the version made here has the path'],
      [
        expect.stringMatching(/^copied \(conflict, anna, /),
        "conflict copy: both sides changed copied, and the server's version goes beside it",
      ],
      ['merged', merged],
    ]);
    rig.server.chunks.clear();
    const { problems, waiting } = await planOf({ rig, files }, ben);
    expect(problems.map(({ path, code }) => [path, code])).toEqual([
      ['copied', 'untold'],
      ['merged', 'untold'],
    ]);
    expect(waiting).toEqual(expect.arrayContaining(['copied', 'merged']));
  });

  it('takes what is lifted for what it was, and says that it is put back', async () => {
    const { files, options } = copyable();
    const { rig, anna, ben } = pair(options);
    for (const path of ['a', 'b']) anna.user.write(path, path);
    await rig.settle();
    anna.user.rename('a', 't');
    anna.user.rename('b', 'a');
    anna.user.rename('t', 'b');
    await anna.round();
    ben.fault = (step) => {
      if (step === 'lower') throw new Error('cut off');
      return undefined;
    };
    await expect(ben.round()).rejects.toThrow();
    ben.fault = () => undefined;
    ben.restart();
    const before = [...ben.disk.user.snapshot()];
    const { said, server } = await planOf({ rig, files }, ben);
    expect(said.filter((one) => one.includes('out of its place'))).not.toEqual([]);
    expect(server).toEqual([]);
    expect([...ben.disk.user.snapshot()]).toEqual(before);
  });

  it('of a server that was set up anew is said, and deletes nothing', async () => {
    const { files, options } = copyable();
    const { rig, anna } = pair(options);
    anna.user.write('f', 'f');
    await rig.settle();
    rig.server.forgetAll();
    const { said, here, server } = await planOf({ rig, files }, anna);
    expect(said.join(' ')).toContain('another history');
    expect(here).toEqual([]);
    expect(server.map(({ operation, path }) => [operation, path])).toEqual([['create', 'f']]);
  });
});
