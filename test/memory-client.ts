import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chunkOf } from '../src/client/api/contract.ts';
import { memoryFolder } from '../src/client/api/folder/memory.ts';
import { MemoryServer } from '../src/client/api/memory.ts';
import type { Implementations } from '../src/client/assemble.ts';
import { type MemoryDisk, memoryDisk } from '../src/client/disk/memory.ts';
import { HandClock } from '../src/client/hand-clock.ts';
import { Refused } from '../src/client/refused.ts';
import { MemoryStateFile } from '../src/client/state/memory.ts';
import type { Change } from '../src/core/change.ts';
import { ROOT } from '../src/core/entry.ts';

/** A configured client whose disk, state and server are in memory, for commands that are called as functions. */
export class MemoryClient {
  readonly folder = mkdtempSync(join(tmpdir(), 'syncer-'));
  readonly config = join(this.folder, 'config.yaml');
  /** The synchronized directory; nothing is there on the real disk. */
  readonly directory = join(this.folder, 'files');
  /** Milliseconds since 1970. */
  now = Date.parse('2026-11-22T12:00:00Z');
  readonly server = new MemoryServer({ now: () => this.now });
  readonly disk: MemoryDisk = memoryDisk({ clock: new HandClock(this.now) });
  /** Undefined: it never ran. */
  state: MemoryStateFile | undefined = new MemoryStateFile({ newId: randomUUID });

  constructor() {
    writeFileSync(this.config, 'client_name: Anna\nsync_directory: ./files\nserver_port: 1\n');
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }

  get implementations(): Implementations {
    const none = async (): Promise<never> => {
      throw new Error('no command asks for it');
    };
    return {
      openDisk: async () => this.disk,
      readState: async () => this.state?.copy({ newId: randomUUID }).open(),
      openFolder: async ({ clientId = 'nobody' }) =>
        memoryFolder(this.server, { clientId, clientName: 'Anna' }),
      openApi: async ({ clientId }) => this.server.api(clientId),
      copyState: async () => {
        const file = this.state ?? new MemoryStateFile({ newId: randomUUID });
        return { state: file.copy({ newId: randomUUID }).open(), discard: () => {} };
      },
      ...{ openState: none, setStateAside: none, openLive: none, openWatcher: none },
    };
  }

  /** A file of another client comes, a minute after what came before. */
  async write(path: string, text: string, name = 'Ben'): Promise<void> {
    const chunk = chunkOf(text);
    const mtime = this.now;
    const content = { checksum: chunk.hash, size: chunk.size, mtime, executable: false };
    const node = this.server.tree.find(ROOT, path);
    const known = node === undefined ? undefined : this.server.tree.get(node);
    const change: Change =
      node === undefined || known === undefined
        ? {
            type: 'create',
            node: randomUUID(),
            kind: 'file',
            place: { parent: ROOT, name: path },
            content,
          }
        : { type: 'update', node, content: { ...content, replaces: known.contentVersion } };
    await this.commit(name, [change], [text]);
  }

  async remove(path: string, name = 'Ben'): Promise<void> {
    const node = this.server.tree.find(ROOT, path) ?? '';
    const { placeVersion = 0, contentVersion = 0 } = this.server.tree.get(node) ?? {};
    const replaces = { replacesPlace: placeVersion, replacesContent: contentVersion };
    await this.commit(name, [{ type: 'delete', node, ...replaces }]);
  }

  async commit(
    name: string,
    changes: readonly Change[],
    texts: readonly string[] = [],
  ): Promise<void> {
    this.now += 60_000;
    const offer = { key: randomUUID(), changes, manifests: [], chunks: texts.map(chunkOf) };
    const answer = await this.server.api(`client-${name.toLowerCase()}`, name).commit(offer);
    if (answer.type !== 'accepted') throw new Error(JSON.stringify(answer));
  }

  /** What the server has at a path, as text. */
  text(path: string): string | undefined {
    const entry = this.server.tree.get(this.server.tree.find(ROOT, path) ?? '');
    if (entry?.kind !== 'file') return undefined;
    return new TextDecoder().decode(this.server.chunks.get(entry.checksum)?.bytes);
  }
}

export interface Ended {
  /** As the program would exit. */
  readonly code: number;
  /** All that was said, to both. */
  readonly text: string;
}

/** Runs a command as a function; what it prints does not reach the terminal. One at a time. */
export async function ended(command: () => Promise<number>): Promise<Ended> {
  let text = '';
  const { stdout, stderr } = process;
  const writes = [stdout, stderr].map((stream) => ({ stream, write: stream.write }));
  for (const { stream } of writes)
    stream.write = (more: string | Uint8Array): boolean => {
      text += String(more);
      return true;
    };
  try {
    return { code: await command(), text };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { code: error.exitCode, text: `${text}error: ${error.message}\n` };
  } finally {
    for (const { stream, write } of writes) stream.write = write;
  }
}
