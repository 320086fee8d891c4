import type { Static, TSchema } from 'typebox';
import type { Chunk, Manifest } from '../../core/chunk.ts';
import type { Answer, CommitRequest } from '../../protocol/commit.ts';
import { answerFromWire, CommitAnswer, commitToWire } from '../../protocol/commit.ts';
import { CLIENT_HEADER, ENGINE_ROUTES } from '../../protocol/engine-routes.ts';
import { MAX_BASES, MAX_CHECKSUMS, MAX_HASHES } from '../../protocol/limits.ts';
import { Manifests, Missing, manifestFromWire } from '../../protocol/manifest.ts';
import type { Point } from '../../protocol/point.ts';
import { ChangesPage, remoteChangeFromWire } from '../../protocol/remote-change.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import { Wanted } from '../../protocol/wanted.ts';
import { type Introduction, Welcome } from '../../protocol/welcome.ts';
import type { Welcome as Greeting, Introduced } from '../introduction.ts';
import type { Api, Offer, ChangesPage as Page } from '../ports.ts';
import { fetchChunks, sendChunks } from './http-chunks.ts';
import { asAnswer, type HttpOptions, request } from './request.ts';

export interface HttpApiOptions extends HttpOptions {
  /** Of this client at the moment: it may get another. */
  readonly clientId: () => string;
  /** Of the history that offers are made for; undefined before the first contact. */
  readonly epoch: () => string | undefined;
}

/** The server over HTTP: each answer is validated, each chunk verified. */
export const httpApi = (options: HttpApiOptions): Api => new HttpApi(options);

class HttpApi implements Api {
  readonly #options: HttpApiOptions;

  constructor(options: HttpApiOptions) {
    this.#options = options;
  }

  get #headers(): Readonly<Record<string, string>> {
    return { [CLIENT_HEADER]: this.#options.clientId() };
  }

  async register(client: Introduced): Promise<Greeting> {
    const { clientId: client_id, name, syncRoot: sync_root, cursor, known, identity } = client;
    const body: Introduction = {
      ...{ client_id, name, sync_root, cursor, protocol_version: PROTOCOL_VERSION },
      ...(known !== undefined && { known }),
      ...(identity && { identity: { last: identity.last ?? null, next: identity.next } }),
    };
    const welcome = await this.#ask(ENGINE_ROUTES.introduce.path, Welcome, body);
    return {
      epoch: welcome.epoch,
      cursor: welcome.cursor,
      knows: welcome.knows,
      maxFileSize: welcome.max_file_size,
      allowedExtensions: welcome.allowed_extensions ?? undefined,
    };
  }

  async changes(since: number, until: number | undefined, known?: Point): Promise<Page> {
    const upTo = until === undefined ? '' : `&until=${until}`;
    const from = known === undefined ? '' : `&known=${known.cursor}&chain=${known.chain}`;
    const query = `since=${since}${upTo}${from}`;
    const page = await this.#ask(`${ENGINE_ROUTES.changes.path}?${query}`, ChangesPage);
    const changes = page.changes.map(remoteChangeFromWire);
    return { ...page, changes, chain: page.chain ?? undefined };
  }

  async missing(hashes: readonly string[]): Promise<string[]> {
    const missing: string[] = [];
    for (const part of partsOf(hashes, MAX_HASHES)) {
      const answer = await this.#ask(ENGINE_ROUTES.missingChunks.path, Missing, { hashes: part });
      missing.push(...answer.missing);
    }
    return missing;
  }

  async wanted(before: number | undefined): ReturnType<Api['wanted']> {
    const query = before === undefined ? '' : `?before=${before}`;
    const { wanted, next } = await this.#ask(`${ENGINE_ROUTES.wantedChunks.path}${query}`, Wanted);
    return { wanted, next: next ?? undefined };
  }

  async sendChunks(chunks: readonly Chunk[]): Promise<void> {
    await sendChunks(this.#options, this.#headers, chunks);
  }

  /** Where the server does not know what manifests are told by, they are told whole. */
  async commit({ key, known, changes, manifests, chunks, bases = [] }: Offer): Promise<Answer> {
    const clientId = this.#options.clientId();
    const epoch = this.#options.epoch() ?? '';
    const commit = { clientId, key, epoch, known, changes, manifests, chunks };
    let answer = await this.#send(commitToWire(commit, bases));
    if (answer.type === 'unknown') answer = await this.#send(commitToWire(commit));
    return asAnswer(() => answerFromWire(answer, changes.length));
  }

  #send = (body: CommitRequest): Promise<CommitAnswer> =>
    request(this.#options, {
      path: ENGINE_ROUTES.commit.path,
      schema: CommitAnswer,
      headers: this.#headers,
      body,
      answers: [409],
    });

  async manifests(
    checksums: readonly string[],
    bases: readonly Manifest[] = [],
  ): Promise<Manifest[]> {
    const known = new Map(bases.slice(0, MAX_BASES).map((one) => [one.checksum, one]));
    const by = known.size === 0 ? {} : { bases: [...known.keys()] };
    const found: Manifest[] = [];
    for (const part of partsOf(checksums, MAX_CHECKSUMS)) {
      const { path } = ENGINE_ROUTES.fetchManifests;
      const { manifests } = await this.#ask(path, Manifests, { checksums: part, ...by });
      found.push(...asAnswer(() => manifests.map((one) => manifestFromWire(one, known))));
    }
    return found;
  }

  fetchChunks(...[refs, how]: Parameters<Api['fetchChunks']>): AsyncIterable<Chunk> {
    const isVerified = how !== 'unverified';
    return fetchChunks(this.#options, { headers: this.#headers, isVerified }, refs);
  }

  async #ask<S extends TSchema>(path: string, schema: S, body?: unknown): Promise<Static<S>> {
    const headers = this.#headers;
    return await request(this.#options, {
      path,
      schema,
      headers,
      ...(body !== undefined && { body }),
    });
  }
}

function* partsOf<T>(all: readonly T[], size: number): Iterable<readonly T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}
