import { type NodeId, ROOT } from '../../src/core/entry.ts';
import { below } from '../../src/core/tree.ts';
import type { Client, World } from './world.ts';

/** One thing a person can do to a directory. Where it makes no sense, it does nothing. */
export type Action =
  | { readonly do: 'write'; readonly at: readonly string[] }
  | { readonly do: 'mkdir'; readonly at: readonly string[] }
  | { readonly do: 'remove'; readonly at: readonly string[] }
  | { readonly do: 'move'; readonly at: readonly string[]; readonly to: readonly string[] };

/** Does it on one client's local tree, as a person would, and keeps book of what was before their eyes. */
export function act(world: World, client: Client, action: Action): boolean {
  switch (action.do) {
    case 'write':
      return write(world, client, action.at);
    case 'mkdir':
      return mkdir(world, client, action.at);
    case 'remove':
      return remove(world, client, find(client, action.at));
    case 'move':
      return move(world, client, action);
  }
}

const find = ({ local }: Client, path: readonly string[]): NodeId | undefined =>
  path.reduce<NodeId | undefined>(
    (at, name) => (at === undefined ? at : local.find(at, name)),
    ROOT,
  );

const nameOf = (path: readonly string[]): string => path.at(-1) ?? '';

function directoryOf(client: Client, path: readonly string[]): NodeId | undefined {
  const parent = find(client, path.slice(0, -1));
  const isDirectory = parent === ROOT || client.local.get(parent ?? '')?.kind === 'directory';
  return isDirectory ? parent : undefined;
}

function write(world: World, client: Client, path: readonly string[]): boolean {
  const parent = directoryOf(client, path);
  if (parent === undefined) return false;
  const there = client.local.find(parent, nameOf(path));
  const entry = there === undefined ? undefined : client.local.get(there);
  if (entry !== undefined && entry.kind !== 'file') return false;
  if (entry !== undefined) world.superseded.add(entry.checksum);
  const content = world.file(world.newContent());
  client.local.set(there ?? world.newId(), {
    kind: 'file',
    parent,
    name: nameOf(path),
    ...content,
  });
  return true;
}

function mkdir(world: World, client: Client, path: readonly string[]): boolean {
  const parent = directoryOf(client, path);
  if (parent === undefined || client.local.find(parent, nameOf(path)) !== undefined) return false;
  client.local.set(world.newId(), { kind: 'directory', parent, name: nameOf(path) });
  return true;
}

function remove(world: World, client: Client, node: NodeId | undefined): boolean {
  if (node === undefined || node === ROOT) return false;
  for (const id of [...below(client.local, node), node]) {
    const entry = client.local.get(id);
    if (entry?.kind === 'file') world.superseded.add(entry.checksum);
    client.local.set(id, undefined);
  }
  return true;
}

function move(
  world: World,
  client: Client,
  { at, to }: { at: readonly string[]; to: readonly string[] },
): boolean {
  const node = find(client, at);
  const parent = directoryOf(client, to);
  const entry = node === undefined ? undefined : client.local.get(node);
  if (node === undefined || entry === undefined || parent === undefined || parent === node)
    return false;
  if ([...below(client.local, node)].includes(parent)) return false;
  const there = client.local.find(parent, nameOf(to));
  if (there === node) return false;
  if (there !== undefined) {
    const isFile = entry.kind === 'file' && client.local.get(there)?.kind === 'file';
    if (!isFile) return false;
    remove(world, client, there);
  }
  client.local.set(node, { ...entry, parent, name: nameOf(to) });
  return true;
}
