/** Bytes of one piece. Whatever is larger than half of it goes as it is. */
const PIECE = 64 * 1024;

/**
 * The same bytes in fewer pieces: what a piece costs on its way through streams, the socket and the other side's streams
 * is more than to copy some KiB. What came before a failure is given before it is thrown.
 */
export async function* gather(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held = Buffer.alloc(0);
  let length = 0;
  const take = (): Uint8Array => {
    const piece = held.subarray(0, length);
    held = Buffer.alloc(0);
    length = 0;
    return piece;
  };
  try {
    for await (const one of bytes) {
      if (length > 0 && length + one.length > PIECE) yield take();
      if (one.length > PIECE / 2) {
        if (length > 0) yield take();
        yield one;
        continue;
      }
      if (held.length === 0) held = Buffer.allocUnsafeSlow(PIECE);
      held.set(one, length);
      length += one.length;
    }
  } catch (error) {
    if (length > 0) yield take();
    throw error;
  }
  if (length > 0) yield take();
}
