import { describe, expect, it } from 'vitest';
import { chunkOf } from '../../src/client/api/contract.ts';
import { MemoryServer } from '../../src/client/api/memory.ts';
import { trashOf } from '../../src/client/disk/world.ts';
import type { Api } from '../../src/client/ports.ts';
import { readFile } from '../../src/client/read-file.ts';
import { MAX_CHUNK_SIZE } from '../../src/core/cut.ts';
import { type Entry, ROOT } from '../../src/core/entry.ts';
import { cutContent } from '../../src/server/cut-content.ts';
import { quiet } from './quiet.ts';
import { longText, pair, Rig, type RigOptions } from './rig.ts';
import { failCall, failure } from './wire.ts';

// What happens between two clients and the server while they talk.

const LARGE = longText(11, 400_000);

/** Another client replaces a file's content at this very moment. */
function overtake(rig: Rig, name: string, text: string): void {
  const node = rig.server.tree.find(ROOT, name) ?? '';
  const chunk = chunkOf(text);
  const file = { checksum: chunk.hash, size: chunk.size, mtime: 1, executable: false };
  const content = { ...file, replaces: rig.server.tree.get(node)?.contentVersion ?? 0 };
  const changes = [{ type: 'update', node, content }] as const;
  void rig.server
    .api('carl', 'Carl')
    .commit({ key: text, changes, manifests: [], chunks: [chunk] });
}

describe('a commit', () => {
  it('[D12] brings what the server has lost of the version before, once it says so', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('large', LARGE);
    await quiet(rig);
    const [lost = ''] = anna.wire.sent;
    rig.server.chunks.delete(lost);
    anna.user.write('large', `${LARGE}, and more`);
    await quiet(rig);
    expect(rig.server.chunks.has(lost)).toBe(true);
    expect(ben.files()).toEqual(anna.files());
  });

  it('[E05] whose contents took long is judged by what is there when it comes', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'v0');
    await rig.settle();
    let isOvertaken = false;
    anna.wire.answers = () => {
      if (!isOvertaken) overtake(rig, 'f', 'of carl'); // After the chunks went up, before the commit is judged.
      isOvertaken = true;
      return undefined;
    };
    anna.user.write('f', LARGE);
    await quiet(rig);
    expect(isOvertaken).toBe(true);
    expect(Object.values(ben.files()).sort()).toEqual([LARGE, 'of carl'].sort());
    expect(new Set(anna.wire.sent).size).toBe(anna.wire.sent.length); // What went up was not sent again.
  });

  it('[A12] that moves a directory into another, which goes into it at this moment, makes no ring', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('d/f', 'F');
    anna.user.write('e/g', 'G');
    await quiet(rig);
    let isOvertaken = false;
    anna.wire.answers = () => {
      if (isOvertaken) return undefined;
      isOvertaken = true;
      const { tree } = rig.server;
      const [d = '', e = ''] = ['d', 'e'].map((name) => tree.find(ROOT, name));
      const place = { parent: d, name: 'e', replaces: tree.get(e)?.placeVersion ?? 0 };
      const changes = [{ type: 'update', node: e, place }] as const;
      void rig.server
        .api('carl', 'Carl')
        .commit({ key: 'ring', changes, manifests: [], chunks: [] });
      return undefined;
    };
    anna.user.rename('d', 'e/d');
    await quiet(rig);
    expect(isOvertaken).toBe(true);
    const contents = Object.values(ben.files()).sort();
    expect(contents).toEqual(['F', 'G', 'dir', 'dir']);
    expect(anna.files()).toEqual(ben.files());
  });

  it('[E06] whose chunks the server has lost meanwhile sends them again', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('large', LARGE);
    anna.wire.fault = failCall(1, 'unreachable', ['commit']);
    expect(await anna.attempt()).toMatchObject({ code: 'unreachable' });
    expect(rig.server.chunks.size).toBeGreaterThan(3);
    rig.server.chunks.clear();
    await quiet(rig);
    expect(ben.files().large === LARGE).toBe(true);

    let isLost = false;
    anna.wire.answers = () => {
      if (!isLost) rig.server.chunks.clear(); // Between the last chunk and the commit that names them.
      isLost = true;
      return undefined;
    };
    const next = LARGE.toUpperCase();
    anna.user.write('large', next);
    await quiet(rig);
    expect(isLost).toBe(true);
    expect(ben.files().large === next).toBe(true);
  });

  it.each(['unavailable', 'bad_answer', 'internal', 'too_many_requests'])(
    '[E08] that cannot be taken now (%s) is tried until it is, and never counted as done',
    async (code) => {
      const { rig, anna, ben } = pair();
      anna.user.write('f', 'v0');
      await rig.settle();
      anna.user.write('f', 'v1');
      anna.user.rename('f', 'g');
      anna.user.write('new', LARGE);
      anna.wire.fault = (call) => (call === 'commit' ? failure(code) : undefined);
      for (let turn = 0; turn < 3; turn += 1) {
        expect(await anna.attempt()).toMatchObject({ code });
        expect(anna.session.state.changed()).toHaveLength(2);
      }
      const { length } = anna.wire.sent;
      anna.restart();
      anna.wire.heal();
      await quiet(rig);
      expect(Object.keys(ben.files()).sort()).toEqual(['g', 'new']);
      expect(anna.wire.sent.length - length).toBeLessThan(3); // The small one, which goes with the commit.
    },
  );
});

describe('[D24] a machine that sleeps for eight hours', () => {
  const HOURS = 8 * 60 * 60 * 1000;

  it('between an upload and its commit: what happened meanwhile counts, and what was swept is sent again', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'v0');
    anna.user.write('moved', 'M');
    await quiet(rig);
    let hasSlept = false;
    anna.wire.answers = () => {
      if (!hasSlept) {
        rig.clock.pass(HOURS);
        overtake(rig, 'f', 'of carl');
        for (const [hash, { size }] of rig.server.chunks)
          if (size > 10_000) rig.server.chunks.delete(hash);
      }
      hasSlept = true;
      return undefined;
    };
    anna.user.write('f', LARGE);
    anna.user.rename('moved', 'elsewhere');
    await quiet(rig);
    expect(hasSlept).toBe(true);
    expect(Object.values(ben.files()).sort()).toEqual([LARGE, 'M', 'of carl'].sort());
    expect(ben.files()).toHaveProperty('elsewhere', 'M');
  });

  it.each(['place f', 'trash gone', 'move moved', 'sync'])(
    'before its step `%s`: nothing is written over what was done meanwhile',
    async (step) => {
      const { rig, anna, ben } = pair();
      for (const name of ['f', 'gone', 'moved']) anna.user.write(name, `${name} at first`);
      await quiet(rig);
      anna.user.write('f', 'f by anna');
      anna.user.remove('gone');
      anna.user.rename('moved', 'elsewhere');
      await anna.round();
      let hasSlept = false;
      ben.onPush = () => undefined; // Nothing is heard asleep.
      ben.meanwhile = (now) => {
        if (hasSlept || now.trim() !== step) return;
        hasSlept = true;
        rig.clock.pass(HOURS);
        overtake(rig, 'f', 'f by carl');
        for (const name of ['f', 'gone', 'moved'])
          if (ben.files()[name] !== undefined) ben.user.write(name, `${name} by ben`);
      };
      await quiet(rig);
      expect(hasSlept).toBe(true);
      const all = [...Object.values(anna.files()), ...trashOf(ben.user).values()];
      for (const content of ['f by carl', 'f by ben', 'gone by ben'])
        expect(all).toContain(content);
    },
  );
});

describe('what the server tells', () => {
  it('[E12] of a thing before the directory it is in is put together before anything is done', async () => {
    const { rig, anna, ben } = pair({ server: { page: 1 } });
    ben.onPush = () => undefined;
    anna.user.write('d/f', 'F');
    await anna.round();
    anna.user.rename('d', 'e'); // Now the directory is the last thing told of.
    await anna.round();
    ben.wire.fault = failCall(2, 'unreachable', ['changes']);
    expect(await ben.attempt()).toMatchObject({ code: 'unreachable' });
    expect(ben.session.state.standing.pulling).toBeDefined();
    expect(ben.files()).toEqual({});
    ben.restart();
    await quiet(rig);
    expect(ben.files()).toEqual({ e: 'dir', 'e/f': 'F' });
  });

  it.each(['..', 'a/b', '.syncer', '.SYNCER ', 'SYNCER~1', '.', 'a\0b', '\ud800x'])(
    '[C38] [C22] of a name that is none, %j, is left out; the rest comes',
    async (name) => {
      const { rig, anna, ben } = pair();
      anna.user.write('f', 'F');
      await anna.round();
      const entry: Entry = { kind: 'directory', parent: ROOT, name };
      const versions = { placeVersion: 2, contentVersion: 2, author: 'Mallory' };
      rig.server.restore([
        ...rig.server.backUp(),
        { cursor: 2, node: 'bad', entry: { ...entry, ...versions } },
      ]);
      anna.user.write('g', 'G');
      await anna.round();
      await ben.round();
      expect(ben.files()).toEqual({ f: 'F', g: 'G' });
      // Our own directory's name is ignored, as everything in it is.
      expect(ben.session.problems.all()).toHaveLength(name === '.syncer' ? 0 : 1);
      ben.user.write('mine', 'M');
      await ben.round();
      expect(rig.serverFiles().get('mine')).toBe('M');
      expect(rig.server.tree.get('bad')).toBeDefined();
    },
  );

  it('[E12] of a thing whose directory it never told of: that is left out, the rest comes', async () => {
    const { rig, anna, ben } = pair();
    anna.user.write('f', 'F');
    await anna.round();
    const entry: Entry = { kind: 'directory', parent: 'never-told', name: 'orphan' };
    const versions = { placeVersion: 2, contentVersion: 2, author: 'Mallory' };
    rig.server.restore([
      ...rig.server.backUp(),
      { cursor: 2, node: 'orphan', entry: { ...entry, ...versions } },
    ]);
    anna.user.write('g', 'G');
    await anna.round();
    await ben.round();
    ben.user.write('mine', 'M');
    await ben.round();
    expect(ben.files()).toEqual({ f: 'F', g: 'G', mine: 'M' });
    expect(rig.serverFiles().get('mine')).toBe('M');
  });
});

describe('[C28] where a content is cut', () => {
  const cut = async (bytes: Buffer, { piece, size }: { piece: number; size: number }) => {
    const lengths: number[] = [];
    for await (const chunk of cutContent(piecesOf(bytes, piece), size)) lengths.push(chunk.length);
    return lengths;
  };

  it('is the same at a client and at the server, however the bytes come', async () => {
    const { anna } = pair();
    anna.user.write('f', LARGE);
    const { manifest } = await readFile(anna.disk, ['f']);
    const wanted = manifest.chunks.map(({ size }) => size);
    expect(wanted.length).toBeGreaterThan(3);
    for (const piece of [13, 1000, 65_536, LARGE.length])
      expect(await cut(Buffer.from(LARGE), { piece, size: LARGE.length })).toEqual(wanted);
  });

  it('no chunk is too large to travel in one piece, whatever the size of the content', async () => {
    const same = Buffer.alloc(3 * MAX_CHUNK_SIZE);
    for (let size = same.length; size < 2 ** 40; size *= 4)
      for (const length of await cut(same, { piece: 1_000_000, size }))
        expect(length).toBeLessThanOrEqual(MAX_CHUNK_SIZE);
  });
});

async function* piecesOf(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

describe('[E11] a pull of many pages', () => {
  it('is of one moment: it ends, though others commit with every question', async () => {
    const server = new MemoryServer({ page: 5 });
    let commits = 0;
    const asked: number[] = [];
    const commit = async (): Promise<void> => {
      commits += 1;
      const place = { parent: ROOT, name: `d${commits}` };
      const change = { type: 'create', node: `n${commits}`, kind: 'directory', place } as const;
      const offer = { key: `k${commits}`, changes: [change], manifests: [], chunks: [] };
      await server.api('carl', 'Carl').commit(offer);
    };
    for (let n = 0; n < 20; n += 1) await commit();
    const connect: RigOptions['connect'] = ({ clientId }) => {
      const api = server.api(clientId, 'Anna');
      const changes: Api['changes'] = async (...question) => {
        asked.push(question[0]);
        if (asked.length < 50) for (let n = 0; n < 5; n += 1) await commit();
        return await api.changes(...question);
      };
      return { ...api, changes };
    };
    const anna = new Rig({ clients: ['anna'], connect }).client('anna');
    await anna.round();
    expect(asked.length).toBeLessThan(10);
    expect(Object.keys(anna.files()).length).toBeGreaterThanOrEqual(20);
  });
});
