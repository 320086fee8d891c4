import { memoryUser } from '../../src/client/disk/memory/memory-user.ts';
import { ROOT, type Versioned } from '../../src/core/entry.ts';
import { ignorePatterns } from '../../src/core/ignore.ts';
import { checkName } from '../../src/core/name.ts';
import { fold, unrepresentable } from '../../src/core/representable.ts';
import { below, nodeAt, pathOf } from '../../src/core/tree.ts';
import type { MemoryFolder } from '../../src/server/metadata/memory-transaction.ts';
import { type Client, IGNORED } from './client.ts';
import type { Ledger } from './ledger.ts';
import type { Server } from './server.ts';
import {
  checksumOf,
  hiddenContents,
  inodeAt,
  shownOf,
  type Tree,
  visibleTree,
  whatItSays,
} from './tree-view.ts';

/** Everything that the server has, by path. */
export function serverTree(folder: MemoryFolder): Tree {
  const tree: Tree = new Map();
  for (const [id, entry] of folder.tree.entries()) {
    const path = pathOf(folder.tree, id)?.join('/') ?? `nowhere/${id}`;
    tree.set(path, whatItSays(entry));
  }
  return tree;
}

/** How each machine differs from the server, in what both can hold. */
export function differences(clients: readonly Client[], server: Server): string[] {
  const { folder } = server;
  if (folder === undefined) return ['the server has no folder'];
  const there = serverTree(folder);
  return clients.flatMap((client) => [
    ...treeDifferences(client, folder, there),
    ...stateDifferences(client, folder),
  ]);
}

/** Whether what the server has at a path is rightly not on this machine. */
export const exemptAt = (client: Client, folder: MemoryFolder): Exempt =>
  exemptions(client, { here: visibleTree(client.volume), there: serverTree(folder) });

function treeDifferences(client: Client, folder: MemoryFolder, there: Tree): string[] {
  const here = visibleTree(client.volume);
  const exempt = exemptions(client, { here, there });
  // What was moved here into what the server refuses the new name of waits with it (rule S11).
  const pathHere = (path: string): string => {
    const { local } = client.process?.state ?? {};
    const id = nodeAt(folder.tree, path.split('/'));
    return (local && id && pathOf(local, id)?.join('/')) ?? path;
  };
  const absent = [...there].filter(
    ([path, what]) =>
      here.get(path) !== what &&
      !exempt(path, what) &&
      !exempt(pathHere(path), what) &&
      !isUnseen(client, path),
  );
  const more = [...here].filter(
    ([path, what]) => !there.has(path) && !exempt(path, what) && !isBare(path, here, exempt),
  );
  return [
    ...absent.map(([path, what]) => `${client.name} lacks ${path} (${what.slice(0, 8)})`),
    ...more.map(([path, what]) => `${client.name} has ${path} (${what.slice(0, 8)})`),
  ];
}

/**
 * An edit of the same size, while nobody watched, at the very time that the clock had once been at when the version
 * before it was written: nothing that the system tells shows it (C12). It stays here, until it is written to again.
 */
function isUnseen({ process, volume, isClockSet }: Client, path: string): boolean {
  const node = process && nodeAt(process.state.local, path.split('/'));
  const inode = inodeAt(volume, path);
  if (!isClockSet || !node || inode?.kind !== 'file') return false;
  return process.state.seen(node)?.fingerprint.includes(shownOf(inode)) === true;
}

type Exempt = (path: string, what: string) => boolean;

interface Trees {
  readonly here: Tree;
  readonly there: Tree;
}

/** What is on one side only, and rightly: what is exempt itself, or has the name of what is kept back. */
function exemptions(client: Client, trees: Trees): Exempt {
  const exempt = exemptThere(client, trees);
  const keyOf = client.volume.caseSensitive ? (path: string) => path : fold;
  const kept = [...trees.here].filter(([path, what]) => isKeptBack(client, { path, what }, exempt));
  const taken = new Set(kept.map(([path]) => keyOf(path)));
  return (path, what) => exempt(path, what) || pathsTo(path).some((one) => taken.has(keyOf(one)));
}

/** It was moved there, to where it cannot be here: it stays where it was, and is reported. */
function isKeptBack(
  { process }: Client,
  { path, what }: { path: string; what: string },
  exempt: Exempt,
): boolean {
  if (process === undefined) return false;
  const { local, remote } = process.state;
  const node = nodeAt(local, path.split('/'));
  const place = node && pathOf(remote, node)?.join('/');
  return place !== undefined && place !== path && exempt(place, what);
}

/** The directories that it is in, from the top, and itself. */
const pathsTo = (path: string): string[] =>
  path.split('/').map((_, at, names) => names.slice(0, at + 1).join('/'));

/** What is ignored here, or cannot be held here. */
function exemptThere(client: Client, trees: Trees): Exempt {
  const { volume, parts } = client;
  const { machine } = parts;
  const text = memoryUser(volume).read('.syncignore') ?? '';
  const ignore = ignorePatterns([...IGNORED, ...text.split('\n')]);
  const isHidden: Exempt = (path, what) => ignore.ignores(path.split('/'), what === 'dir');
  // A directory of which nothing but what is ignored is known has its name all the same.
  const bare = [...trees.here.keys()].filter((path) => isBare(path, trees.here, isHidden));
  const hidden = [...trees.here].filter(([path, what]) => isHidden(path, what));
  const names = [...trees.there.keys(), ...bare, ...hidden.map(([path]) => path)];
  const twins = twinsIn(volume.caseSensitive ? [] : [...new Set(names)]);
  return (path, what) => {
    if (isHidden(path, what)) return true;
    // What is ignored is in nobody's way but the server's: the path stays as it is, and is reported.
    const here = trees.here.get(path);
    if (here !== undefined && here !== what && isHidden(path, here)) return true;
    // What is hidden here, or a directory that the server keeps for it, has its name: what took it here waits, and says so.
    const other = trees.there.get(path);
    const isTaken = other !== undefined && other !== here && isTold(client, path);
    if (isTaken && (isHidden(path, other) || isBare(path, trees.there, isHidden))) return true;
    if (what.startsWith('-> ') && !machine.symlinks) return true;
    return pathsTo(path).some((above) => {
      const name = above.split('/').at(-1) ?? '';
      // What has the name of a link that cannot be held here is refused by the server, and reported.
      if (!machine.symlinks && trees.there.get(above)?.startsWith('-> ') === true) return true;
      // A name that nobody can have on the server stays where it is, and is reported.
      if (checkName(name) !== undefined) return true;
      return (
        twins.has(fold(above)) || unrepresentable(name, { kind: machine.system }) !== undefined
      );
    });
  };
}

const isTold = ({ process }: Client, path: string): boolean =>
  process?.synchronizer.session.problems.all().some((problem) => problem.path === path) === true;

/** Paths that are one path where case is not told apart: which of them is there is not for us to say. */
function twinsIn(paths: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const twins = new Set<string>();
  for (const path of paths) {
    const folded = fold(path);
    if (seen.has(folded)) twins.add(folded);
    seen.add(folded);
  }
  return twins;
}

/** A directory that is only kept for what is ignored in it (rule S3). */
function isBare(path: string, here: Tree, exempt: Exempt): boolean {
  if (here.get(path) !== 'dir') return false;
  return [...here].some(([other, is]) => other.startsWith(`${path}/`) && exempt(other, is));
}

/** What the database says of the server, against the server itself; and of the disk, against the disk. */
function stateDifferences(client: Client, folder: MemoryFolder): string[] {
  const { process, name } = client;
  if (process === undefined) return [`${name} does not run`];
  const { remote, standing } = process.state;
  const faults: string[] = [];
  if (standing.cursor !== folder.cursor) faults.push(`${name} is at cursor ${standing.cursor}`);
  const known = new Set(below(remote, ROOT));
  for (const [id, entry] of folder.tree.entries()) {
    if (!known.delete(id)) faults.push(`${name} does not know of ${entry.name}`);
    else if (!isKnown(client, remote.get(id), entry))
      faults.push(`${name} knows ${entry.name} otherwise`);
  }
  for (const id of known) faults.push(`${name} believes in ${remote.get(id)?.name}`);
  const unsettled = process.state.changed().filter((id) => isHeld(client, folder, id));
  return [...faults, ...unsettled.map((id) => `${name} has not settled ${id}`)];
}

function isKnown({ hasSharedId }: Client, known: Versioned | undefined, entry: Versioned): boolean {
  const author = hasSharedId ? entry.author : known?.author;
  return JSON.stringify(sorted({ ...known, author })) === JSON.stringify(sorted(entry));
}

const sorted = (entry: object | undefined): unknown =>
  Object.entries(entry ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

/** Whether all three trees are to agree on this node. */
function isHeld(client: Client, folder: MemoryFolder, id: string): boolean {
  const { state } = client.process ?? {};
  if (state === undefined) return false;
  const here = visibleTree(client.volume);
  const exempt = exemptions(client, { here, there: serverTree(folder) });
  for (const tree of [state.local, state.remote, state.synced]) {
    const entry = tree.get(id);
    const path = entry && pathOf(tree, id)?.join('/');
    if (path === undefined) continue;
    const what = entry?.kind === 'symlink' ? '-> ' : entry?.kind === 'directory' ? 'dir' : '';
    if (exempt(path, what) || isBare(path, here, exempt)) return false;
  }
  return state.local.get(id) !== undefined || client.volume.caseSensitive;
}

/** What somebody wrote last and nobody gave up is somewhere where it is found. */
export function losses(clients: readonly Client[], server: Server, ledger: Ledger): string[] {
  const visible = new Set(clients.flatMap(({ volume }) => [...visibleTree(volume).values()]));
  const kept = new Set(clients.flatMap(({ volume }) => [...hiddenContents(volume)]));
  // Where there are no hard links, what is replaced has no name but the trash's for a moment. A step that fails
  // just then, or a program that ends, leaves the path free; the server's newer version comes there.
  const unlinked = clients.filter(({ volume }) => !volume.hardLinks);
  const inTrash = new Set(unlinked.flatMap(({ volume }) => [...hiddenContents(volume)]));
  const merged = mergedContents(server);
  const former = formerContents(server);
  const lines = visibleLines(clients);
  return [...ledger.kept].flatMap(([checksum, content]) => {
    // Where all is taken out of a file and somebody else writes into it, what they wrote is the merge (C06): no byte is lost.
    if (visible.has(checksum) || content === '') return [];
    if (merged.has(checksum) || inTrash.has(checksum)) return [];
    // Written after we had read the file, right before we replaced it, and in a tick with the write before: the trash has it.
    if (kept.has(checksum) && ledger.isUnseen(checksum)) return [];
    // Of what the server had already the merge's change names nothing, nor does a merged text that then became a
    // conflict copy name what it was made of: the words are in a text that is there, the whole in history or trash.
    const isKept = former.has(checksum) || kept.has(checksum);
    if (isKept && lines.has(ledger.newestIn(checksum) ?? '')) return [];
    return [`lost: ${JSON.stringify(content)}${kept.has(checksum) ? ' (in the trash)' : ''}`];
  });
}

/** What two people wrote into one file, and the history has as each of them wrote it (rule M9). */
function mergedContents(server: Server): Set<string> {
  const { folder } = server;
  const records = folder?.history ?? [];
  const contents = records.flatMap(({ before, mergedFrom }) => {
    if (mergedFrom === undefined) return [];
    const former = before?.kind === 'file' ? [before.checksum] : [];
    return [...former, ...mergedFrom.map(({ checksum }) => checksum)];
  });
  return new Set(contents.filter((checksum) => wasStored(server, checksum)));
}

/** What rotted, and no client has any more, is lost by the rot, and not by us. */
const wasStored = ({ folder, rotted }: Server, checksum: string): boolean =>
  folder?.chunks.has(checksum) === true || rotted.has(checksum);

/** Every content that the history can give back. */
function formerContents(server: Server): Set<string> {
  const { folder } = server;
  const entries = (folder?.history ?? []).flatMap(({ before, after }) => [before, after]);
  const contents = entries.flatMap((entry) => (entry?.kind === 'file' ? [entry.checksum] : []));
  return new Set(contents.filter((checksum) => wasStored(server, checksum)));
}

/** Of all files that people see, where they have several. */
function visibleLines(clients: readonly Client[]): Set<string> {
  const lines = clients.flatMap(({ volume }) =>
    [...visibleTree(volume).keys()].flatMap(
      (path) => memoryUser(volume).read(path)?.split('\n') ?? [],
    ),
  );
  return new Set(lines.filter((line) => line !== ''));
}

/** What is at a path is a content that somebody wrote, or a merge of such; never a part of one. */
export function isWhole(checksum: string, content: string, ledger: Ledger): boolean {
  if (ledger.knows(checksum)) return true;
  return ledger.knowsLinesOf(content);
}

/** A content at a path on the server that cannot be had from it. */
export interface Unreadable {
  readonly path: string;
  readonly checksum: string;
  readonly why: string;
}

/** Every content that is at a path on the server can be had from it: none. */
export async function unreadable(server: Server): Promise<Unreadable[]> {
  const faults: Unreadable[] = [];
  const { tree } = server.folder ?? {};
  for (const [id, entry] of tree?.entries() ?? []) {
    if (entry.kind !== 'file' || entry.size === 0) continue;
    const manifest = server.folder?.manifests.get(entry.checksum);
    const hashes = manifest?.chunks.map(({ hash }) => hash) ?? [entry.checksum];
    try {
      const pieces: Uint8Array[] = [];
      for await (const piece of server.contentOf(hashes)) pieces.push(piece);
      if (checksumOf(Buffer.concat(pieces)) !== entry.checksum) throw new Error('it is another');
    } catch (error) {
      const path = (tree && pathOf(tree, id)?.join('/')) ?? entry.name;
      const why = `the server cannot give ${path}: ${error}`;
      faults.push({ path, checksum: entry.checksum, why });
    }
  }
  return faults;
}
