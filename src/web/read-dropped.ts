import { pathIn } from './folder-path.ts';

export interface Dropped {
  readonly files: { readonly path: string; readonly file: File }[];
  /** Those with nothing in them, which no file would bring along. */
  readonly emptyDirectories: string[];
}

/** What was dropped, with everything in dropped directories. Must be called while the drop is told of: later it is gone. */
export async function readDropped(data: DataTransfer, into: string): Promise<Dropped> {
  const entries = [...data.items].flatMap((each) => each.webkitGetAsEntry() ?? []);
  const found: Dropped = { files: [], emptyDirectories: [] };
  for (const entry of entries) await gather(entry, pathIn(into, entry.name), found);
  return found;
}

async function gather(entry: FileSystemEntry, path: string, found: Dropped): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    found.files.push({ path, file });
    return;
  }
  const children = await readChildren(entry as FileSystemDirectoryEntry);
  if (children.length === 0) found.emptyDirectories.push(path);
  for (const child of children) await gather(child, pathIn(path, child.name), found);
}

/** A browser answers a hundred at a time, and none when there are no more. */
async function readChildren(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return children;
    children.push(...some);
  }
}

/** What was picked with a button: single files, or a directory with the paths in it. */
export const readPicked = (files: FileList, into: string): Dropped['files'] =>
  [...files].map((file) => ({ path: pathIn(into, file.webkitRelativePath || file.name), file }));
