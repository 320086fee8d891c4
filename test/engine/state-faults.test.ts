import { describe, expect, it } from 'vitest';
import { DiskError } from '../../src/client/ports.ts';
import type { StateCall } from '../../src/client/state/memory.ts';
import { ROOT } from '../../src/core/entry.ts';
import { below } from '../../src/core/tree.ts';
import { quiet } from './quiet.ts';
import { type Client, pair } from './rig.ts';
import { manyThings } from './work.ts';

class DatabaseError extends Error {}

/** Rounds until one rests. */
async function untilRest(client: Client): Promise<void> {
  for (let round = 0; round < 10; round += 1) if (await client.round()) return;
  throw new Error('It does not come to rest.');
}

/** How often Ben's state is called in that work, and what all come to when nothing goes wrong. */
async function plainly(isMeant: (call: StateCall) => boolean) {
  const { rig, anna, ben } = await manyThings();
  let calls = 0;
  ben.onState = (call) => {
    if (isMeant(call)) calls += 1;
  };
  await untilRest(ben);
  const all = calls;
  await rig.settle();
  return { calls: all, files: anna.files() };
}

describe('[D06] the state throws', () => {
  it.each([
    ['at whichever record', (call: StateCall) => call === 'record'],
    ['at whichever record, though it is stored', (call: StateCall) => call === 'recorded'],
    ['at whichever look into it', (call: StateCall) => call === 'read'],
  ] as const)(
    '%s: the round ends, and a new process repairs',
    async (_, isMeant) => {
      const plain = await plainly(isMeant);
      expect(plain.calls).toBeGreaterThan(5);
      for (let at = 1; at <= plain.calls; at += 1) {
        const { rig, anna, ben } = await manyThings();
        let calls = 0;
        ben.onState = (call) => {
          if (!isMeant(call)) return;
          calls += 1;
          if (calls === at) throw new DatabaseError(`call ${at}`);
        };
        await expect(untilRest(ben), `call ${at}`).rejects.toThrow(DatabaseError);
        ben.onState = () => undefined;
        ben.restart();
        await quiet(rig);
        expect(ben.files(), `call ${at}`).toEqual(anna.files());
        expect(ben.files(), `call ${at}`).toEqual(plain.files);
      }
    },
    120_000,
  );
});

it('[D09] [D02] what the disk could not make durable is not recorded, and is looked at anew', async () => {
  const { rig, anna, ben } = await manyThings();
  ben.fault = (step) => (step === 'sync' ? 'unreadable' : undefined);
  const { synced } = ben.session.state;
  const agreed = [...below(synced, ROOT)].map((id) => [id, synced.get(id)]);
  await expect(ben.round()).rejects.toThrow(DiskError);
  const now = ben.session.state.synced;
  for (const [id, entry] of agreed) expect(now.get(String(id))).toEqual(entry);
  ben.fault = () => undefined;
  ben.losePower(); // What was written is not there any more.
  await quiet(rig);
  expect(ben.files()).toEqual(anna.files());
  expect(Object.values(ben.files())).toEqual(
    expect.arrayContaining(['both by anna', 'both by ben', 'edited by anna', 'new by ben']),
  );
});

describe('[D02] that something is gone', () => {
  /** What a round asks of the state and of the server, in turn. */
  async function asked(anna: Client): Promise<string[]> {
    const calls: string[] = [];
    anna.onState = (call) => {
      if (call === 'sync') calls.push(call);
    };
    anna.wire.fault = (call) => {
      if (call === 'commit') calls.push(call);
      return undefined;
    };
    await anna.round();
    return calls;
  }

  it('is durable before a commit says so; no other commit waits for the disk', async () => {
    const { rig, anna } = pair();
    for (const name of ['a', 'b', 'c']) anna.user.write(name, name);
    await quiet(rig);
    anna.user.remove('a');
    expect(await asked(anna)).toEqual(['sync', 'commit']);
    anna.user.write('b', 'edited');
    anna.user.rename('c', 'd');
    anna.user.write('e', 'new');
    expect(await asked(anna)).toEqual(['commit']);
  });
});
