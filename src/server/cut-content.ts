import { type Cutter, cutParameters, cutter, MAX_WHOLE_SIZE } from '../core/cut.ts';

/**
 * The chunks of a content as its bytes come by; none of no bytes. `sizeHint`: how many bytes there
 * will be, as far as is known; a wrong one costs only that fewer chunks are shared with other cuts of
 * the content. A content of up to MAX_WHOLE_SIZE is always one chunk.
 */
export async function* cutContent(
  bytes: AsyncIterable<Uint8Array>,
  sizeHint: number,
): AsyncGenerator<Uint8Array> {
  const held = new Pieces();
  let cutting: Cutter | undefined;
  for await (const piece of bytes) {
    if (cutting !== undefined) {
      yield* held.split(piece, cutting.push(piece));
      continue;
    }
    held.add(piece);
    if (held.length <= MAX_WHOLE_SIZE) continue;
    cutting = cutter(cutParameters(Math.max(sizeHint, held.length)));
    const beginning = held.take();
    yield* held.split(beginning, cutting.push(beginning));
  }
  if (held.length > 0) yield held.take();
}

/** Bytes that wait for the end of their chunk. */
class Pieces {
  #parts: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(part: Uint8Array): void {
    this.#parts.push(part);
    this.#length += part.length;
  }

  /** A copy: it must not keep alive the buffers that it came in. */
  take(): Uint8Array {
    const whole = Buffer.concat(this.#parts, this.#length);
    this.#parts = [];
    this.#length = 0;
    return whole;
  }

  /** `lengths`: of the chunks that end in these bytes. */
  *split(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
    let from = 0;
    for (const length of lengths) {
      const to = from + length - this.#length;
      this.add(bytes.subarray(from, to));
      from = to;
      yield this.take();
    }
    this.add(bytes.subarray(from));
  }
}
