import type { Chunk, ChunkRef } from '../core/chunk.ts';
import { MAX_CHUNK_SIZE } from '../core/cut.ts';
import { type Api, ApiFailure } from './ports.ts';
import type { Follower } from './read-file.ts';

/** Of one request. Bytes. */
const REQUEST = 8 * 1024 * 1024;
/** A request, the chunk that it ends in, and the piece that is read. */
const BUFFER = REQUEST + MAX_CHUNK_SIZE + 1024 * 1024;
/** One is filled while the others are sent. */
const BUFFERS = 4;

/**
 * Brings the chunks of a large new file to the server while the rest of it is read: they are kept there for a day, for
 * a commit that names them. Who makes that asks what the server lacks, and so may find that all is there; what could
 * not be sent, or is of a file that changed meanwhile, costs nothing but the sending.
 */
export class SendMeanwhile implements Follower {
  readonly #api: Pick<Api, 'missing' | 'sendChunks'>;
  readonly #free: Uint8Array[] = [];
  readonly #underWay = new Set<Promise<void>>();
  readonly #known = new Set<string>();
  #made = 0;
  #failed = false;
  #isOver = false;
  /** What is no failure of the server or of the way there: told at the end. */
  #fault: { readonly error: unknown } | undefined;
  #filling: Filling | undefined;

  constructor(api: Pick<Api, 'missing' | 'sendChunks'>) {
    this.#api = api;
  }

  /** It was finished, and holds nothing that is still to be sent. */
  get isOver(): boolean {
    return this.#isOver;
  }

  take(bytes: Uint8Array): void {
    if (this.#failed) return;
    this.#filling ??= { buffer: this.#newBuffer(), chunks: [], whole: 0, filled: 0 };
    this.#filling.buffer.set(bytes, this.#filling.filled);
    this.#filling.filled += bytes.length;
  }

  end(ref: ChunkRef): void {
    const filling = this.#filling;
    if (this.#failed || filling === undefined) return;
    if (this.#known.has(ref.hash)) {
      filling.filled = filling.whole;
      return;
    }
    this.#known.add(ref.hash);
    const bytes = filling.buffer.subarray(filling.whole, filling.filled);
    filling.chunks.push({ ...ref, bytes });
    filling.whole = filling.filled;
  }

  async ready(): Promise<void> {
    const full = this.#filling;
    if (this.#failed || full === undefined || full.whole < REQUEST) return;
    const buffer = await this.#freeBuffer();
    const begun = full.buffer.subarray(full.whole, full.filled);
    buffer.set(begun);
    this.#filling = { buffer, chunks: [], whole: 0, filled: begun.length };
    this.#send(full);
  }

  /** Sends the rest, and resolves when nothing is under way any more. Throws what no ApiFailure is. */
  async finish(): Promise<void> {
    if (this.#filling !== undefined) this.#send(this.#filling);
    this.#filling = undefined;
    await Promise.all(this.#underWay);
    this.#isOver = true;
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  async #freeBuffer(): Promise<Uint8Array> {
    for (;;) {
      const buffer = this.#free.pop() ?? (this.#made < BUFFERS ? this.#newBuffer() : undefined);
      if (buffer !== undefined) return buffer;
      await Promise.race(this.#underWay);
    }
  }

  #newBuffer(): Uint8Array {
    this.#made += 1;
    return Buffer.allocUnsafeSlow(BUFFER);
  }

  #send({ chunks, buffer }: Filling): void {
    const sending = this.#sendMissing(chunks).finally(() => {
      this.#underWay.delete(sending);
      this.#free.push(buffer);
    });
    this.#underWay.add(sending);
  }

  async #sendMissing(chunks: readonly Chunk[]): Promise<void> {
    if (this.#failed || chunks.length === 0) return;
    try {
      const missing = new Set(await this.#api.missing(chunks.map(({ hash }) => hash)));
      const wanted = chunks.filter(({ hash }) => missing.has(hash));
      if (wanted.length > 0) await this.#api.sendChunks(wanted);
    } catch (error) {
      this.#failed = true;
      if (!(error instanceof ApiFailure)) this.#fault ??= { error };
    }
  }
}

/** What is gathered for a request. */
interface Filling {
  readonly buffer: Uint8Array;
  readonly chunks: Chunk[];
  /** Bytes of the chunks, and with what there is of the next one. */
  whole: number;
  filled: number;
}
