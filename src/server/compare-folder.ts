import type { NodeId } from '../core/entry.ts';
import type { FileInfo } from '../protocol/file-info.ts';
import type { SyncRequest, SyncResponse } from '../protocol/sync.ts';
import { type FolderView, namesOf } from './by-path.ts';
import { compare } from './compare.ts';
import { fileInfoOf } from './file-info.ts';
import { walkFolder } from './walk-folder.ts';

/**
 * The answer to `POST /sync` and to `sync_request`. Throws Failure `bad_name` for a path that can never
 * be on the server.
 */
export async function compareFolder(
  view: FolderView,
  { files }: Pick<SyncRequest, 'files'>,
): Promise<SyncResponse> {
  for (const { path } of files) namesOf(path);
  const listed = new Set(files.flatMap((file) => (file.is_directory === true ? [file.path] : [])));
  const { infos, links } = await listFolder(view, listed);
  // A plain client cannot know that a symlink is there: what it has in its place is not to overwrite it.
  const here = files.filter(({ path }) => !links.has(path));
  const { uploads, downloads, conflicts } = compare(here, infos);
  conflicts.push(...new Set(files.flatMap(({ path }) => (links.has(path) ? [path] : []))));
  return {
    success: true,
    message: `${uploads.length} to upload, ${downloads.length} to download, ${conflicts.length} in conflict.`,
    files_to_sync: [...uploads, ...downloads],
    conflicts,
    uploads: uploads.map(({ path }) => path),
    downloads: downloads.map(({ path }) => path),
  };
}

interface Listing {
  readonly infos: FileInfo[];
  /** Paths of symlinks. */
  readonly links: Set<string>;
}

/**
 * Directories that hold something are left out unless the client listed them itself: what is in them
 * says that they are there, and a client that knows only files could not fetch them.
 */
async function listFolder(view: FolderView, listed: ReadonlySet<string>): Promise<Listing> {
  const infos: FileInfo[] = [];
  const links = new Set<string>();
  const directories = new Map<NodeId, FileInfo>();
  const holding = new Set<NodeId>();
  for await (const { id, entry, path } of walkFolder(view)) {
    holding.add(entry.parent);
    const info = fileInfoOf(path, entry);
    if (info === undefined) links.add(path);
    else if (entry.kind === 'directory') directories.set(id, info);
    else infos.push(info);
  }
  for (const [id, info] of directories) {
    if (listed.has(info.path) || !holding.has(id)) infos.push(info);
  }
  return { infos, links };
}
