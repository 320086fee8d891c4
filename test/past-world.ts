import { expect } from 'vitest';
import type { Deleted, Restored, Rewound } from '../src/protocol/rewind.ts';
import { moveFile } from '../src/server/move-file.ts';
import { walkFolder } from '../src/server/walk-folder.ts';
import {
  hashOf,
  type MemoryApp,
  type MemoryAppOptions,
  memoryApp,
  register,
  uploadAll,
} from './memory-app.ts';

export const AUTHOR = { clientId: 'anna', clientName: 'Anna' };
export const HOUR = 60 * 60 * 1000;

/** What people do to a server in memory, and what it is asked to take back. */
export async function world(files: Record<string, string> = {}, options: MemoryAppOptions = {}) {
  const made = await memoryApp(options);
  await register(made.app);
  await uploadAll(made.app, files);
  made.committed.length = 0;
  return new World(made);
}

export class World {
  readonly made: MemoryApp;

  constructor(made: MemoryApp) {
    this.made = made;
  }

  async cursor(): Promise<number> {
    return (await this.made.metadata.folder('default'))?.cursor ?? 0;
  }

  put = (files: Record<string, string>) => uploadAll(this.made.app, files);
  move = (from: string, to: string) => moveFile(this.made.parts, { from, to, author: AUTHOR });

  async remove(path: string): Promise<void> {
    const url = `/files/${encodeURI(path)}?client_id=anna`;
    expect((await this.made.app.inject({ method: 'DELETE', url })).statusCode).toBe(200);
  }

  /** What is where: the text of a file, `/` for a directory. */
  async shown(): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for await (const { path, entry } of walkFolder(this.made.parts)) {
      const url = `/download/${encodeURI(path)}`;
      found[path] = entry.kind === 'directory' ? '/' : (await this.made.app.inject(url)).body;
    }
    return Object.fromEntries(Object.entries(found).sort());
  }

  async ids(): Promise<Record<string, string>> {
    const found: [string, string][] = [];
    for await (const { path, id } of walkFolder(this.made.parts)) found.push([path, id]);
    return Object.fromEntries(found.sort());
  }

  async id(path: string): Promise<string> {
    return (await this.ids())[path] ?? 'nowhere';
  }

  async #post<T>(url: string, body: object): Promise<T> {
    const payload = { client_id: 'anna', ...body };
    const answer = await this.made.app.inject({ method: 'POST', url, payload });
    const { error_code: code, message } = answer.json();
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${code}: ${message}`);
    return answer.json();
  }

  rewind = (body: object) => this.#post<Rewound>('/v1/rewind', body);
  restore = (body: object) => this.#post<Restored>('/v1/restore', body);

  async trash(query = ''): Promise<Deleted[]> {
    return (await this.made.app.inject(`/v1/trash${query}`)).json().deleted;
  }

  /** The content is not there any more. */
  async lose(text: string): Promise<void> {
    const [place] = await this.made.metadata.chunkPlaces('default', [hashOf(text)]);
    if (place === undefined) throw new Error(`${text} is not stored`);
    await this.made.metadata.quarantine('default', [{ ...place, since: 0, reason: 'changed' }]);
  }

  get commits() {
    return this.made.committed.map(({ records }) => records);
  }
}
