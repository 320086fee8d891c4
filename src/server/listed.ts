import type { Versioned } from '../core/entry.ts';
import type { Listed } from '../protocol/listing.ts';
import { msToTime } from '../protocol/time.ts';
import type { Living } from './by-path.ts';

/** A living node, as a person looks at it. */
export function listed({ id, entry }: Living, path: string): Listed {
  const { name, kind, contentVersion: version, author } = entry;
  return { node: id, path, name, kind, ...contentOf(entry), version, author };
}

function contentOf(entry: Versioned): Partial<Listed> {
  if (entry.kind === 'symlink') return { target: entry.target };
  if (entry.kind === 'directory') return {};
  const { checksum, size, mtime, executable } = entry;
  return { checksum, size, modified_time: msToTime(mtime), executable };
}
