import { Failure } from '../protocol/failure.ts';
import { type Frame, FrameDecoder } from '../protocol/frame.ts';
import { MAX_REQUEST } from '../protocol/limits.ts';
import { Arena } from './arena.ts';
import { type ChunkPorts, storeChunks } from './store-chunks.ts';

/** Bytes that are held until they are stored together: while they are, nothing more is read. */
const BATCH = 8 * 1024 * 1024;
/** A batch, and the frame that it ends in. */
const ARENA = BATCH + 1024 * 1024;
/** Of requests that are over. */
const free: Arena[] = [];
/** Kept for the next requests. */
const KEPT = 3;

/**
 * Stores the chunks of a body of frames, and answers how many there were. Throws Failure `bad_request`,
 * `request_too_large`, and what storing throws; what came before is then stored already, unused.
 */
export async function receiveFrames(
  ports: ChunkPorts,
  body: AsyncIterable<Uint8Array>,
): Promise<number> {
  const arena = free.pop() ?? new Arena(ARENA);
  const decoder = new FrameDecoder((length) => arena.take(length));
  let received = 0;
  let frames: Frame[] = [];
  let held = 0;
  let stored = 0;
  const store = async () => {
    await storeChunks(ports, frames);
    stored += frames.length;
    frames = [];
    held = 0;
    if (decoder.isBetween) arena.free();
  };
  for await (const bytes of body) {
    received += bytes.length;
    if (received > MAX_REQUEST) throw new Failure('request_too_large');
    for (const frame of decoder.push(bytes)) {
      frames.push(frame);
      held += frame.bytes.length;
    }
    if (held >= BATCH) await store();
  }
  decoder.finish();
  await store();
  if (free.length < KEPT) free.push(arena);
  return stored;
}
