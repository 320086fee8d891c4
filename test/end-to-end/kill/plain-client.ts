import type { WireChange } from '../../../src/protocol/change.ts';
import type { Accepted, ChunksMissing } from '../../../src/protocol/commit.ts';
import { frameHeader } from '../../../src/protocol/frame.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/version.ts';
import { hashOf } from './vigil.ts';

/** In its chunks. */
export type Content = readonly Buffer[];

export interface Offer {
  readonly key: string;
  readonly change: WireChange;
  /** Of the change. */
  readonly content?: Content;
}

/** Sends the engine's requests as the test has them: it cuts nothing, keeps nothing, tries nothing twice. */
export class PlainClient {
  readonly #url: string;
  readonly #epoch: string;

  private constructor(url: string, epoch: string) {
    this.#url = url;
    this.#epoch = epoch;
  }

  static async introduce(url: string): Promise<PlainClient> {
    const who = { client_id: 'plain', name: 'plain', sync_root: '/', cursor: 0 };
    const answer = await postJson(`${url}/v1/clients`, {
      ...who,
      protocol_version: PROTOCOL_VERSION,
    });
    if (!answer.ok) throw new Error(await answer.text());
    const { epoch } = (await answer.json()) as { epoch: string };
    return new PlainClient(url, epoch);
  }

  /** Together, so that they lie in one pack. */
  async send(chunks: Content): Promise<void> {
    const body = Buffer.concat(chunks.flatMap((bytes) => [headerOf(bytes), bytes]));
    const headers = { 'content-type': 'application/octet-stream' };
    const answer = await fetch(`${this.#url}/v1/chunks`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(await answer.text());
  }

  async commit({ key, change, content = [] }: Offer): Promise<Accepted | ChunksMissing> {
    const manifests = content.length > 1 ? [manifestOf(content)] : [];
    const commit = { client_id: 'plain', key, epoch: this.#epoch, chunks: [], manifests };
    const answer = await postJson(`${this.#url}/v1/commits`, { ...commit, changes: [change] });
    const told = (await answer.json()) as Accepted | ChunksMissing;
    if (told.type === 'accepted' || told.type === 'missing') return told;
    throw new Error(JSON.stringify(told));
  }
}

export const creation = (name: string, content: Content): WireChange => ({
  type: 'create',
  node: name,
  kind: 'file',
  place: { parent: 'root', name },
  content: contentOf(content),
});

export const contentOf = (content: Content) => ({
  checksum: hashOf(Buffer.concat(content)),
  size: Buffer.concat(content).length,
  mtime: 1_700_000_000_000,
  executable: false,
});

const manifestOf = (content: Content) => {
  const { checksum, size } = contentOf(content);
  const chunks = content.map((bytes) => ({ hash: hashOf(bytes), size: bytes.length }));
  return { checksum, size, chunks };
};

const headerOf = (bytes: Buffer): Uint8Array =>
  frameHeader({ hash: hashOf(bytes), size: bytes.length, encoding: 'raw', bytes });

function postJson(url: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}
