import { once } from 'node:events';
import { type PassThrough, Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ZipFile } from 'yazl';
import type { NodeId } from '../core/entry.ts';
import { chunksOf, readContent } from './read-content.ts';
import type { ChunkPorts } from './store-chunks.ts';
import { type Met, walkFolder } from './walk-folder.ts';

/**
 * A directory with everything in it, as a zip that is made while it is read: what is in it at the beginning, each content
 * read when its turn comes, and no faster than the reader takes it. Nothing is compressed. The stream is destroyed with
 * the error of a content that cannot be read; when it is destroyed, nothing more is read.
 */
export async function archive(ports: ChunkPorts, directory: NodeId): Promise<Readable> {
  // First all of it: what is moved while a large archive is sent would be in it twice or not at all.
  const all: Met[] = [];
  for await (const met of walkFolder(ports, { id: directory, path: '' })) all.push(met);
  const zipping = new Zipping(ports);
  void zipping.addAll(all);
  return zipping.output;
}

/** What may be done with it when it is unpacked. */
const MODES = { file: 0o100644, executable: 0o100755, directory: 0o040755, symlink: 0o120777 };

/** What the library has, and does not tell in its types. */
type Zip = ZipFile & {
  readonly outputStream: PassThrough;
  entries: { readonly state: number }[];
};
const DONE = 3;
const KEPT = 100;

class Zipping {
  /** It takes more than it should from the zip, which is why it is waited for. */
  readonly output: PassThrough;
  readonly #ports: ChunkPorts;
  readonly #zip = new ZipFile() as unknown as Zip;
  readonly #done: Zip['entries'] = [];
  readonly #ending = new AbortController();

  constructor(ports: ChunkPorts) {
    this.#ports = ports;
    this.output = this.#zip.outputStream;
    this.output.once('close', () => this.#ending.abort());
    this.#zip.on('error', (error: Error) => this.output.destroy(error));
  }

  /** Never throws: what goes wrong is the output's error. */
  async addAll(all: readonly Met[]): Promise<void> {
    try {
      for (const met of all) {
        await this.#add(met);
        this.#putAside();
        if (this.output.writableNeedDrain) await once(this.output, 'drain', this.#ending);
        this.#ending.signal.throwIfAborted();
      }
      this.#zip.entries = this.#done.concat(this.#zip.entries);
      this.#zip.end();
    } catch (error) {
      // When it is destroyed already, this says nothing new, and does nothing.
      this.output.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /**
   * For each entry that it is given, the library looks through all that it has for one that is not done: very many would
   * take it as long as their square. It needs those that are done only at the end, for the list of all.
   */
  #putAside(): void {
    const { entries } = this.#zip;
    if (entries.length < KEPT) return;
    const open = entries.findIndex(({ state }) => state < DONE);
    this.#done.push(...entries.splice(0, open < 0 ? entries.length : open));
  }

  async #add({ entry, path }: Met): Promise<void> {
    const name = safe(path);
    if (entry.kind === 'directory') {
      this.#zip.addEmptyDirectory(name, { mode: MODES.directory });
      // Very many that wait for one large file would be taken in one call, which the stack does not hold.
      await nextTurn();
    } else if (entry.kind === 'symlink') {
      const bytes = Buffer.from(entry.target);
      this.#zip.addBuffer(bytes, name, { mode: MODES.symlink, compress: false });
    } else {
      const { size, executable } = entry;
      const mode = executable ? MODES.executable : MODES.file;
      const about = { size, mode, mtime: new Date(entry.mtime), compress: false };
      await this.#addStream(name, about, await this.#read(entry));
    }
  }

  async #read(content: { readonly checksum: string; readonly size: number }): Promise<Readable> {
    const whole = { from: 0, to: content.size };
    const chunks = await chunksOf(this.#ports, content);
    return Readable.from(readContent(this.#ports, chunks, whole), { objectMode: false });
  }

  /** Resolves when the zip has taken all of it. Throws what it fails with, and when nobody wants it any more. */
  async #addStream(name: string, about: About, bytes: Readable): Promise<void> {
    const end = once(bytes, 'end', this.#ending);
    this.#zip.addReadStream(bytes, name, about);
    try {
      await end;
    } finally {
      bytes.destroy();
    }
  }
}

interface About {
  readonly size: number;
  readonly mode: number;
  readonly mtime: Date;
  readonly compress: boolean;
}

/** A name such as `a:b` is a name here, and would be a drive elsewhere. */
const safe = (path: string): string => (/^[a-z]:/i.test(path) ? `./${path}` : path);
