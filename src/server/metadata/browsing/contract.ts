import { describe, expect, it } from 'vitest';
import { pickFrom, random } from '../../../../test/random.ts';
import { ROOT, sameBytes } from '../../../core/entry.ts';
import type { ActivitySpan } from '../../browsing.ts';
import type { MetadataStore } from '../../ports.ts';
import { directoryEntry, FOLDER, fileEntry, hashOf, type Step, writeSteps } from '../sample.ts';

type Get = () => MetadataStore;

/** How every metadata store shows what is there to those who only look. */
export function browsingContract(store: Get): void {
  describe('children in pages', () => childrenContract(store));
  describe('search by name', () => searchContract(store));
  describe('activity', () => {
    activityContract(store);
    activityOverTimeContract(store);
  });
  describe('removing a client', () => removalContract(store));
}

const named = (name: string, parent = ROOT): Step => ({
  node: `node of ${name}`,
  entry: fileEntry(name, { parent }),
});

function childrenContract(store: Get): void {
  const page = async (after: string | undefined, limit: number, parent = ROOT) =>
    (await store().childrenPage(FOLDER, parent, { after, limit })).map(([, { name }]) => name);

  it('gives the living children in the order of the bytes of their names', async () => {
    // The last two are the other way round in UTF-16.
    const names = ['A', 'B', 'a', 'ab', 'é', '日', '\uff5e', '🎉'];
    await writeSteps(
      store(),
      names.toReversed().map((name) => named(name)),
    );
    await writeSteps(store(), [named('gone'), { node: 'node of gone', entry: undefined }]);
    expect(await page(undefined, 100)).toEqual(names);
  });

  it('gives whole entries, and of the directory asked for only', async () => {
    const [directory, child] = await writeSteps(store(), [
      { node: 'd', entry: directoryEntry('d') },
      named('child', 'd'),
    ]);
    const asked = { after: undefined, limit: 9 };
    expect(await store().childrenPage(FOLDER, ROOT, asked)).toEqual([['d', directory?.after]]);
    const below = [['node of child', child?.after]];
    expect(await store().childrenPage(FOLDER, 'd', asked)).toEqual(below);
    expect(await page(undefined, 9, 'node of child')).toEqual([]);
    expect(await page(undefined, 9, 'none')).toEqual([]);
    expect(await store().childrenPage('none', ROOT, asked)).toEqual([]);
  });

  it('goes on after a name, whether or not that is still there', async () => {
    await writeSteps(
      store(),
      ['a', 'b', 'c', 'd'].map((name) => named(name)),
    );
    expect(await page(undefined, 2)).toEqual(['a', 'b']);
    await writeSteps(store(), [{ node: 'node of b', entry: undefined }]);
    expect(await page('b', 2)).toEqual(['c', 'd']);
    expect(await page('d', 2)).toEqual([]);
    expect(await page('', 1)).toEqual(['a']);
  });
}

function searchContract(store: Get): void {
  const find = async (text: string, limit = 100) =>
    (await store().searchNames(FOLDER, text, limit)).map(([, { name }]) => name);

  it.each([
    ['port', ['Report.txt', 'port']],
    ['PORT', ['Report.txt', 'port']],
    ['.TXT', ['Report.txt', 'a%b_c.txt']],
    ['%', ['a%b_c.txt']],
    ['b_c', ['a%b_c.txt']],
    ['B%', []],
    ['\\', []],
    ['straße', ['STRASSE', 'Straße']],
    ['ÉTÉ', ['Été']],
    ['e\u0301te\u0301', ['Été']],
    ['σ', ['ΟΔΟΣ']],
    ['ς', ['ΟΔΟΣ']],
    ['日', ['日本語']],
    ['🎉', ['🎉 party']],
    ['none', []],
    ['', []],
  ])('%j finds %j', async (text, names) => {
    const all = ['Report.txt', 'port', 'a%b_c.txt', 'aXbYc', 'Straße', 'STRASSE', 'Été'];
    await writeSteps(
      store(),
      [...all, 'ΟΔΟΣ', '日本語', '🎉 party'].map((name) => named(name)),
    );
    expect(await find(text)).toEqual(names);
  });

  it('finds what lives, wherever it is, in the order of names, and no more than asked for', async () => {
    const records = await writeSteps(store(), [
      { node: 'd', entry: directoryEntry('z match') },
      { node: 'e', entry: directoryEntry('e', 'd') },
      { node: '2', entry: fileEntry('a match', { parent: 'e' }) },
      { node: '1', entry: fileEntry('a match') },
      { node: 'gone', entry: fileEntry('b match') },
      { node: 'gone', entry: undefined },
    ]);
    const entryOf = (node: string) => records.find((record) => record.node === node)?.after;
    const [one, two, three] = ['1', '2', 'd'].map((node) => [node, entryOf(node)]);
    expect(await store().searchNames(FOLDER, 'match', 9)).toEqual([one, two, three]);
    expect(await store().searchNames(FOLDER, 'match', 2)).toEqual([one, two]);
    expect(await store().searchNames('none', 'match', 9)).toEqual([]);
  });
}

function activityContract(store: Get): void {
  const at = (time: number, ...steps: Step[]) => writeSteps(store(), steps, { time });
  const file = (name: string, text: string, size: number): Step => ({
    node: 'a',
    entry: fileEntry(name, { checksum: hashOf(text), size }),
  });
  const nothing = { creates: 0, updates: 0, moves: 0, deletes: 0, bytes: 0 };

  it('counts what happened in each step of time, and the bytes that came', async () => {
    await at(1_000, file('a', '1', 10));
    await at(1_099, { node: 'd', entry: directoryEntry('d') });
    await at(1_100, file('a', '2', 25));
    await at(1_450, file('b', '2', 25));
    await at(1_460, file('c', '3', 7));
    await at(1_499, { node: 'a', entry: undefined });
    const span = { since: 1_000, until: 1_500, step: 100 };
    expect(await store().activity(FOLDER, span)).toEqual([
      { ...nothing, step: 0, creates: 2, bytes: 10 },
      { ...nothing, step: 1, updates: 1, bytes: 25 },
      { ...nothing, step: 4, moves: 2, deletes: 1, bytes: 7 },
    ]);
  });

  it('tells of what is within, its beginning with it and its end without', async () => {
    await at(999, file('a', '1', 1));
    await at(1_000, file('a', '2', 2));
    await at(1_199, file('a', '3', 3));
    await at(1_200, file('a', '4', 4));
    const span = { since: 1_000, until: 1_200, step: 100 };
    expect(await store().activity(FOLDER, span)).toEqual([
      { ...nothing, step: 0, updates: 1, bytes: 2 },
      { ...nothing, step: 1, updates: 1, bytes: 3 },
    ]);
    expect(await store().activity(FOLDER, { since: 5_000, until: 6_000, step: 1 })).toEqual([]);
    expect(await store().activity('none', span)).toEqual([]);
  });

  it('works with the times of today', async () => {
    const now = Date.parse('2026-11-22T12:00:00Z');
    await at(now + 59_999, file('a', '1', 1));
    await at(now + 60_000, file('a', '2', 2));
    const steps = await store().activity(FOLDER, {
      since: now,
      until: now + 120_000,
      step: 60_000,
    });
    expect(steps.map(({ step, bytes }) => [step, bytes])).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it('counts each of very many once, also of those at one moment', async () => {
    const many = Array.from({ length: 12_000 }, (_, i) => named(`n${i}`));
    await writeSteps(store(), many.slice(0, 11_000), { time: 50 });
    await writeSteps(store(), many.slice(11_000), { time: 150 });
    const steps = await store().activity(FOLDER, { since: 0, until: 200, step: 100 });
    expect(steps.map(({ step, creates }) => [step, creates])).toEqual([
      [0, 11_000],
      [1, 1_000],
    ]);
  });
}

function activityOverTimeContract(store: Get): void {
  const counted = async (span: ActivitySpan) =>
    (await store().activity(FOLDER, span)).map(
      ({ step, creates, updates, moves, deletes, bytes }) =>
        [step, creates, updates, moves, deletes, bytes].join(' '),
    );

  /** By looking at every record. */
  async function looked({ since, until, step }: ActivitySpan): Promise<string[]> {
    const within = (await store().history(FOLDER, { limit: 99_999 })).filter(
      ({ time }) => time >= since && time < until,
    );
    const steps = Map.groupBy(within, ({ time }) => Math.floor((time - since) / step));
    return [...steps]
      .sort(([a], [b]) => a - b)
      .map(([at, records]) => {
        const count = (of: string) => records.filter(({ operation }) => operation === of).length;
        const bytes = records.map(({ before, after }) =>
          after?.kind === 'file' && !(before && sameBytes(before, after)) ? after.size : 0,
        );
        const sum = bytes.reduce((all, one) => all + one, 0);
        return [at, ...['create', 'update', 'move', 'delete'].map(count), sum].join(' ');
      });
  }

  it('is what the records say, in long and short steps, with a clock that goes back, and pruned', async () => {
    const next = random(7);
    const pick = pickFrom(next);
    for (let time = 0, done = 0; done < 90; done += 1) {
      time += Math.floor(next() * 500) - 100;
      const steps = Array.from({ length: Math.floor(next() * 60) }, (_, n): Step => {
        const size = Math.floor(next() * 9);
        const content = { checksum: hashOf(`${size}`), size };
        const entry = fileEntry(`${pick(['a', 'b'])} ${n}`, content);
        return { node: `n${n}`, entry: next() < 0.1 ? undefined : entry };
      });
      const living = await store().nodes(
        FOLDER,
        steps.map(({ node }) => node),
      );
      const possible = steps.filter(({ node, entry }) => entry !== undefined || living.has(node));
      await writeSteps(store(), possible, { time: Math.max(time, 0) });
    }
    const agree = async () => {
      for (let n = 0; n < 40; n += 1) {
        const since = Math.floor(next() * 9_000);
        const until = since + 1 + Math.floor(next() * 20_000);
        const span = { since, until, step: pick([7, 100, 3_000, 99_999]) };
        expect(await counted(span)).toEqual(await looked(span));
      }
    };
    await agree();
    expect(await store().pruneHistory(FOLDER, 9_000)).toBeGreaterThan(100);
    await agree();
    await store().pruneHistory(FOLDER, 99_999);
    await agree();
  });
}

function removalContract(store: Get): void {
  const anna = { clientId: 'anna', name: 'Anna', syncRoot: '/x', lastSeen: 5, cursor: 0 };
  const token = (expected: readonly string[], next: string) =>
    store().exchangeToken(FOLDER, 'anna', { expected, next });

  it('forgets the client and its token, and no other', async () => {
    await store().putClient(FOLDER, anna);
    await store().putClient(FOLDER, { ...anna, clientId: 'ben' });
    expect(await token([], 'first')).toBe(true);
    expect(await store().removeClient(FOLDER, 'anna')).toBe(true);
    expect((await store().clients(FOLDER)).map(({ clientId }) => clientId)).toEqual(['ben']);
    expect(await token(['never given'], 'second')).toBe(true);
  });

  it('twice is once, and what it did stays in the history', async () => {
    await store().putClient(FOLDER, anna);
    await writeSteps(store(), [named('a')], { clientId: 'anna' });
    expect(await store().removeClient(FOLDER, 'anna')).toBe(true);
    expect(await store().removeClient(FOLDER, 'anna')).toBe(false);
    expect(await store().removeClient(FOLDER, 'never was')).toBe(false);
    expect(await store().history(FOLDER, { clientId: 'anna', limit: 9 })).toHaveLength(1);
    await expect(store().removeClient('none', 'anna')).rejects.toThrow('none');
  });

  it('takes it again, as one that is new', async () => {
    await store().putClient(FOLDER, { ...anna, cursor: 7, lastSeen: 100 });
    await store().removeClient(FOLDER, 'anna');
    await store().putClient(FOLDER, anna);
    expect(await store().client(FOLDER, 'anna')).toEqual(anna);
  });
}
