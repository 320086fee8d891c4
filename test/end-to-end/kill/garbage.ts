import { bytesOf } from '../../memory-app.ts';
import { type Content, contentOf, creation, type PlainClient } from './plain-client.ts';

/** Two of them are more than what is always one chunk. */
const chunk = (seed: number): Buffer => bytesOf(40_000, seed);
const chunks = (...seeds: readonly number[]): Content => seeds.map(chunk);

/** A content whose chunks are all stored, and that nothing names. */
export const UNUSED = chunks(51, 52);

/** The files that are there when all is done, each in its chunks. */
export const FILES: ReadonlyMap<string, Content> = new Map([
  ['kept', chunks(1)],
  ['edited', chunks(21, 25)],
  ['whole', chunks(31, 32)],
]);

/** And what the history goes on naming when it is pruned: what the last change of each file replaced. */
const REPLACED = [24, 41];

/** How many chunks stay, whatever is swept. */
export const NEEDED = [...FILES.values()].flat().length + REPLACED.length;

/**
 * Makes a server keep what nothing needs: chunks that were brought and never named, and those of versions that the history
 * forgets; in packs of their own, and in packs whose smaller part is needed.
 */
export async function makeGarbage(client: PlainClient): Promise<void> {
  await client.send(chunks(1, 2, 3, 4, 5));
  await create(client, 'kept', chunks(1));
  await client.send(chunks(11, 12));
  await client.send(chunks(21, 22, 23));
  let version = await create(client, 'edited', chunks(21, 22, 23));
  for (const seed of [24, 25]) {
    await client.send(chunks(seed));
    version = await edit(client, version, chunks(21, seed));
  }
  await client.send(chunks(31, 32));
  await create(client, 'whole', chunks(31, 32));
  await client.send(chunks(41));
  const replaces = await create(client, 'deleted', chunks(41));
  const deletion = { replaces_place: replaces, replaces_content: replaces };
  await mustCommit(client, 'delete', { change: { type: 'delete', node: 'deleted', ...deletion } });
  await client.send([...UNUSED, chunk(53)]);
}

/** Answers the version. */
const create = (client: PlainClient, name: string, content: Content): Promise<number> =>
  mustCommit(client, name, { change: creation(name, content), content });

const edit = (client: PlainClient, replaces: number, content: Content): Promise<number> => {
  const update = { ...contentOf(content), replaces };
  const change = { type: 'update', node: 'edited', content: update } as const;
  return mustCommit(client, `edit-${replaces}`, { change, content });
};

type Offered = Omit<Parameters<PlainClient['commit']>[0], 'key'>;

async function mustCommit(client: PlainClient, key: string, offer: Offered): Promise<number> {
  const told = await client.commit({ key, ...offer });
  if (told.type !== 'accepted') throw new Error(`${key}: ${JSON.stringify(told)}`);
  return told.last;
}
