import { type Api, ApiFailure, type Offer } from '../../src/client/ports.ts';
import type { Answer } from '../../src/protocol/commit.ts';
import { FAILURES, isFailureCode } from '../../src/protocol/failure.ts';

/** A question to the server; `chunk` is each chunk that comes down. */
export type Call = keyof Api | 'chunk';

export const CALLS: readonly Call[] = [
  'register',
  'changes',
  'missing',
  'wanted',
  'sendChunks',
  'commit',
  'manifests',
  'fetchChunks',
];

/** The way between one client and the server, with what went over it and what goes wrong on it. */
export class Wire {
  readonly calls: Call[] = [];
  /** Names of chunks, in the order they went up (also inside commits) and came down. */
  readonly sent: string[] = [];
  readonly fetched: string[] = [];
  /** Asked before each call; what it answers is thrown, and the server hears nothing. */
  fault: (call: Call) => ApiFailure | undefined = () => undefined;
  /** Asked after each call: true loses the answer to what the server did. */
  loses: (call: Call) => boolean = () => false;
  /** Asked of each chunk that nobody verifies as it comes: true damages it on the way. */
  damages: (hash: string) => boolean = () => false;
  /** An answer in the server's stead. */
  answers: (offer: Offer) => Answer | undefined = () => undefined;

  count(call: Call): number {
    return this.calls.filter((one) => one === call).length;
  }

  before(call: Call): void {
    this.calls.push(call);
    const failure = this.fault(call);
    if (failure !== undefined) throw failure;
  }

  after(call: Call): void {
    if (this.loses(call)) throw failure('unreachable');
  }

  /** From now on everything goes over it. */
  heal(): void {
    this.fault = () => undefined;
    this.loses = () => false;
    this.damages = () => false;
    this.answers = () => undefined;
  }
}

/** As a client makes it of an answer with this code, or of none. */
export function failure(code: string, after?: number): ApiFailure {
  const retry = isFailureCode(code) ? FAILURES[code].retry : true;
  return new ApiFailure(code, `It failed: ${code}.`, {
    retry,
    ...(after !== undefined && { after }),
  });
}

/** Fails the `n`th of these calls, from 1, once. */
export function failCall(n: number, code: string, calls: readonly Call[] = CALLS): Wire['fault'] {
  let asked = 0;
  return (call) => {
    if (!calls.includes(call)) return undefined;
    asked += 1;
    return asked === n ? failure(code) : undefined;
  };
}

export function overWire(api: Api, wire: Wire): Api {
  const carry = async <T>(call: Call, ask: () => Promise<T>): Promise<T> => {
    wire.before(call);
    const answer = await ask();
    wire.after(call);
    return answer;
  };
  return {
    register: (client) => carry('register', () => api.register(client)),
    changes: (since, until, known) => carry('changes', () => api.changes(since, until, known)),
    missing: (hashes) => carry('missing', () => api.missing(hashes)),
    wanted: (before) => carry('wanted', () => api.wanted(before)),
    sendChunks: (chunks) =>
      carry('sendChunks', () => {
        wire.sent.push(...chunks.map(({ hash }) => hash));
        return api.sendChunks(chunks);
      }),
    commit: (offer) =>
      carry('commit', async () => {
        wire.sent.push(...offer.chunks.map(({ hash }) => hash));
        return wire.answers(offer) ?? (await api.commit(offer));
      }),
    manifests: (checksums, bases) => carry('manifests', () => api.manifests(checksums, bases)),
    fetchChunks: (...asked) => fetchOver(wire, api, asked),
  };
}

async function* fetchOver(
  wire: Wire,
  api: Api,
  asked: Parameters<Api['fetchChunks']>,
): ReturnType<Api['fetchChunks']> {
  wire.before('fetchChunks');
  for await (const chunk of api.fetchChunks(...asked)) {
    wire.before('chunk');
    wire.fetched.push(chunk.hash);
    const isDamaged = asked[1] === 'unverified' && wire.damages(chunk.hash);
    yield isDamaged ? { ...chunk, bytes: new Uint8Array(chunk.size) } : chunk;
  }
}
