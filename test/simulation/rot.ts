import { ROOT } from '../../src/core/entry.ts';
import { below, pathOf } from '../../src/core/tree.ts';
import type { Client } from './client.ts';
import type { Dice } from './dice.ts';
import { exemptAt, unreadable } from './oracle.ts';
import type { Server } from './server.ts';
import { inodeAt, whatIs } from './tree-view.ts';

/** Answers what became of a pack; undefined where nothing is stored. */
export function rotSomething(server: Server, dice: Dice): string | undefined {
  const { objects } = server.stored;
  const places = [...(server.folder?.chunks.values() ?? [])];
  if (places.length === 0) return undefined;
  const { pack, offset, length } = dice.pick(places);
  if (!server.isGood(pack)) return undefined;
  const how = dice.pick(['changed', 'changed', 'cut short', 'gone', 'unreadable'] as const);
  const inIt = places.filter((place) => place.pack === pack);
  server.rots(
    pack,
    inIt.filter((place) => how !== 'changed' || place.offset === offset),
  );
  const at = offset + dice.under(length);
  if (how === 'gone') void objects.delete(pack);
  else if (how === 'unreadable') objects.unreadable.add(pack);
  else
    objects.damage(pack, (bytes) =>
      how === 'cut short'
        ? bytes.slice(0, at)
        : bytes.map((byte, i) => (i === at ? byte ^ 64 : byte)),
    );
  return how;
}

/** What the server lacks, though a client has it still: it had to be given back (rule S17). */
export async function notGivenBack(clients: readonly Client[], server: Server): Promise<string[]> {
  if (givesNothing(server)) return [];
  const lost = new Set((await unreadable(server)).map(({ checksum }) => checksum));
  return clients.flatMap((client) =>
    [...contentsOf(client)]
      .filter(([checksum]) => lost.has(checksum))
      .map(([, path]) => `${client.name} has not given back ${path}`),
  );
}

/** Of a disk that gives nothing nobody can say that a place on it is bad: it is waited for. */
function givesNothing({ stored, folder }: Server): boolean {
  const packs = [...(folder?.chunks.values() ?? [])].map(({ pack }) => pack);
  return packs.every((pack) => stored.objects.unreadable.has(pack));
}

/** Of files that are synchronized and are on the disk as they were seen: by checksum, where one is. */
function contentsOf({ process, volume }: Client): Map<string, string> {
  const contents = new Map<string, string>();
  const { local } = process?.state ?? {};
  if (local === undefined) return contents;
  for (const id of below(local, ROOT)) {
    const entry = local.get(id);
    const path = pathOf(local, id)?.join('/');
    const inode = path === undefined ? undefined : inodeAt(volume, path);
    if (entry?.kind !== 'file' || path === undefined || inode === undefined) continue;
    if (whatIs(inode) === entry.checksum) contents.set(entry.checksum, path);
  }
  return contents;
}

/** What nobody has any more is missing where it is to be, and whoever lacks it says so. */
export async function notTold(clients: readonly Client[], server: Server): Promise<string[]> {
  const lost = await unreadable(server);
  const { folder } = server;
  return clients.flatMap((client) => {
    const { name, process, volume } = client;
    const exempt = folder && exemptAt(client, folder);
    return lost.flatMap(({ path, checksum }) => {
      if (exempt?.(path, checksum) === true) return [];
      const inode = inodeAt(volume, path);
      if (inode !== undefined && whatIs(inode) === checksum) return [];
      const { condition, session } = process?.synchronizer ?? {};
      const problems = session?.problems.all() ?? [];
      const isSaid = condition?.type !== 'resting' || problems.length > 0;
      return isSaid ? [] : [`${name} does not say that it lacks ${path}`];
    });
  });
}
