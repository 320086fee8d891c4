import type { IncomingMessage } from 'node:http';
import { type Duplex, pipeline, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A question on its way. */
export interface Asked {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** The body in pieces, to be left as they are until the answer is there; none: there is no body. */
type InPieces = Omit<Asked, 'body'> & { readonly pieces: readonly (string | Uint8Array)[] };

/** What came back; what `fetch` answers is one too. Its body is read once, as a whole or as it comes. */
export interface Reply {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
  json(): Promise<unknown>;
}

/** A request that has not ended by then has failed; requests are bounded in size. Milliseconds. */
const DEADLINE = 120_000;

/** Not imported: an import looks at each thing the module has, and so loads its WebSocket, `fetch` and TLS, which take 12 MiB. */
const { Agent, request } = process.getBuiltinModule('node:http');
const agent = new Agent({ keepAlive: true });

/**
 * Not by `fetch`: that copies each piece once more, and compiles a parser for this process, whose compiler's memory
 * stays. Whoever points to another place is refused: a key must not follow there (G09).
 */
export function overNetwork(url: string, { method, headers, pieces }: InPieces): Promise<Reply> {
  const size = pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
  const length = pieces.length === 0 ? {} : { 'content-length': size };
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      agent,
      method,
      headers: { ...headers, ...length, 'accept-encoding': 'gzip' },
      signal: AbortSignal.timeout(DEADLINE),
    });
    asked.once('response', (response) => {
      const reply = replyOf(response);
      if (!REDIRECTS.has(reply.status)) return resolve(reply);
      response.destroy();
      reject(new Error(`The answer ${reply.status} points to another place.`));
    });
    asked.on('error', reject);
    // All in one call to the system, and not copied into one.
    asked.cork();
    for (const piece of pieces) asked.write(piece);
    asked.uncork();
    asked.end();
  });
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** A stream that turns what is so compressed into what it was. */
const DECODERS: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
};

function replyOf(response: IncomingMessage): Reply {
  const status = response.statusCode ?? 0;
  const decoder = DECODERS[response.headers['content-encoding'] ?? '']?.();
  // What breaks off is told to whoever reads.
  const body = pipeline([response, inPool(), ...(decoder ? [decoder] : [])], () => {}) as Transform;
  return {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name) => response.headers[name]?.toString() ?? null },
    body,
    json: async () => JSON.parse(await textOf(body)),
  };
}

/**
 * Each piece comes in memory of its own from the C library, which would stay with this process when it is freed late,
 * between others. It is given back here at once; the bytes go on in the pool that Buffers share.
 */
const inPool = (): Transform =>
  new Transform({
    readableObjectMode: true,
    transform(piece: Buffer, _, done) {
      const bytes = Buffer.from(piece);
      const { buffer } = piece;
      if (buffer.byteLength === piece.length && buffer instanceof ArrayBuffer) buffer.transfer(0);
      done(null, bytes);
    },
  });

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return new TextDecoder().decode(Buffer.concat(pieces));
}
