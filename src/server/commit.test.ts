import { beforeEach, describe, expect, it } from 'vitest';
import { hashOf, type MemoryApp, memoryApp } from '../../test/memory-app.ts';
import type { CommitInput } from './commit.ts';
import type { Transaction } from './ports.ts';

let world: MemoryApp;
beforeEach(async () => {
  world = await memoryApp();
});

/** A new file whose one chunk comes along. */
function inputOf(name: string, text = name): CommitInput {
  const bytes = Buffer.from(text);
  const hash = hashOf(bytes);
  const content = { checksum: hash, size: bytes.length, mtime: 1, executable: false };
  const place = { parent: 'root', name };
  return {
    clientId: 'anna',
    clientName: 'Anna',
    key: name,
    epoch: 'epoch-1',
    changes: [{ type: 'create', node: name, kind: 'file', place, content }],
    manifests: [],
    chunks: [{ hash, size: bytes.length, bytes }],
    cause: 'sync',
  };
}

const shown = async (): Promise<unknown> => {
  const { metadata, folder } = world;
  const range = { since: 0, until: 9, limit: 9 };
  const nodes = (await metadata.changes(folder, range)).map(({ node }) => node);
  return { nodes, cursor: (await metadata.folder(folder))?.cursor, told: world.committed.length };
};

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done));
};

describe('[E13] while the bytes of a commit are not durable', () => {
  it('nobody sees it, however long that takes', async () => {
    const { parts, objects } = world;
    let open = (): void => {};
    objects.gate = new Promise((resolve) => {
      open = resolve;
    });
    let isAnswered = false;
    const answer = parts.committer.commit(inputOf('slow')).then((outcome) => {
      isAnswered = true;
      return outcome;
    });
    await turns();
    expect(objects.asked.puts).toBe(1);
    expect(await shown()).toEqual({ nodes: [], cursor: 0, told: 0 });
    expect(isAnswered).toBe(false);
    open();
    expect(await answer).toMatchObject({ type: 'accepted', first: 1, last: 1 });
    expect(await shown()).toEqual({ nodes: ['slow'], cursor: 1, told: 1 });
  });

  it.each(['full', 'unavailable'] as const)(
    'and never become so (%s), it is refused, and the others are taken',
    async (code) => {
      const { parts, objects } = world;
      objects.failPut(1, code);
      const refused = { code: code === 'full' ? 'disk_full' : 'unavailable', retry: true };
      await expect(parts.committer.commit(inputOf('lost'))).rejects.toMatchObject(refused);
      expect(await shown()).toEqual({ nodes: [], cursor: 0, told: 0 });
      expect(await parts.committer.commit(inputOf('next'))).toMatchObject({ type: 'accepted' });
      expect(await shown()).toEqual({ nodes: ['next'], cursor: 1, told: 1 });
    },
  );
});

describe('[D06] the database throws', () => {
  it('at whichever step of a commit: it is refused whole, and the same may be sent again', async () => {
    let steps = 0;
    let failing = 0;
    const { metadata, parts } = world;
    const transaction = metadata.transaction.bind(metadata);
    const isNow = (): boolean => {
      steps += 1;
      return steps === failing;
    };
    // The transaction of the store itself, of which one step throws.
    metadata.transaction = (folder, body) => transaction(folder, (tx) => body(throwing(tx, isNow)));
    await parts.committer.commit(inputOf('plain'));
    const all = steps;
    expect(all).toBeGreaterThan(5);
    for (let at = 1; at <= all; at += 1) {
      [steps, failing] = [0, at];
      const before = await shown();
      await expect(parts.committer.commit(inputOf(`file ${at}`))).rejects.toThrow('the database');
      expect(await shown()).toEqual(before);
      failing = 0;
      const again = await parts.committer.commit(inputOf(`file ${at}`));
      expect(again).toMatchObject({ type: 'accepted', first: at + 1 });
    }
  });
});

function throwing(tx: Transaction, isNow: () => boolean): Transaction {
  return new Proxy(tx, {
    get: (target, name) => {
      const step: unknown = Reflect.get(target, name);
      if (typeof step !== 'function') return step;
      return async (...given: unknown[]) => {
        if (isNow()) throw new Error('the database cannot');
        return await step.apply(target, given);
      };
    },
  });
}
