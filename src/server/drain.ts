import type { Readable } from 'node:stream';

/** Bytes. */
const MOST = 64 * 1024 * 1024;

/**
 * Reads a refused body to its end and forgets it: many clients read an answer only after they have
 * sent everything, and lose it when the connection closes before. Answers false when there is too much
 * still to come: the connection is then of no use any more.
 */
export function drain(body: Readable): Promise<boolean> {
  body.unpipe();
  if (body.readableEnded || body.destroyed) return Promise.resolve(true);
  return new Promise((resolve) => {
    let left = MOST;
    body.on('data', (bytes: Uint8Array) => {
      left -= bytes.length;
      if (left < 0) resolve(false);
    });
    body.once('close', () => resolve(true));
    body.once('end', () => resolve(true));
    body.once('error', () => resolve(true));
    body.resume();
  });
}
