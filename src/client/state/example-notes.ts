import {
  type DirectoryEntry,
  type Entry,
  type FileEntry,
  type NodeId,
  ROOT,
  type Versioned,
} from '../../core/entry.ts';
import type { ClientState, Note, Seen } from '../ports.ts';

export const file = (name: string, parent: NodeId = ROOT): FileEntry => ({
  ...{ kind: 'file', parent, name, checksum: 'c', size: 3, mtime: 1, executable: false },
});
export const directory = (name: string): DirectoryEntry => ({
  kind: 'directory',
  parent: ROOT,
  name,
});
export const versioned = (entry: Entry, version: number): Versioned => ({
  ...{ ...entry, placeVersion: version, contentVersion: version, author: 'me' },
});
export const local = (node: NodeId, entry: Entry | undefined, seen?: Seen): Note =>
  seen === undefined ? { type: 'local', node, entry } : { type: 'local', node, entry, seen };
export const remote = (node: NodeId, entry?: Versioned): Note => ({ type: 'remote', node, entry });
export const synced = (node: NodeId, entry?: Versioned): Note => ({ type: 'synced', node, entry });

export function agree(state: ClientState, node: NodeId, entry: Entry): void {
  const agreed = versioned(entry, 1);
  state.record([local(node, entry), remote(node, agreed), synced(node, agreed)]);
}
