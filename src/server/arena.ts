/**
 * Memory for one group of bytes after the other, none of which is kept: so much memory, new for each, costs more to
 * collect than the work itself. What does not fit gets memory of its own.
 */
export class Arena {
  readonly #size: number;
  #bytes = new Uint8Array();
  #used = 0;

  /** `size`: bytes; none are taken before the first are asked for. */
  constructor(size: number) {
    this.#size = size;
  }

  take(length: number): Uint8Array {
    if (this.#bytes.length === 0) this.#bytes = Buffer.allocUnsafeSlow(this.#size);
    if (this.#used + length > this.#size) return Buffer.allocUnsafeSlow(length);
    const taken = this.#bytes.subarray(this.#used, this.#used + length);
    this.#used += length;
    return taken;
  }

  /** Nothing that was taken is looked at any more. */
  free(): void {
    this.#used = 0;
  }
}
