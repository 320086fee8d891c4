import { Dice, mix } from './dice.ts';
import type { Life } from './life.ts';
import type { Scheduler } from './scheduler.ts';
import type { Server } from './server.ts';

/** What becomes of one request, or of one notice. */
export type Fate =
  | 'request lost'
  | 'answer lost'
  | 'request doubled'
  | 'answer late'
  | 'answer torn'
  | 'answer of a proxy';

/** Milliseconds after which a client gives a request up. */
const DEADLINE = 120_000;

export interface LinkParts {
  readonly seed: number;
  readonly isSlow: boolean;
  readonly scheduler: Scheduler;
  readonly server: Server;
  readonly name: string;
}

/** The way between one machine and the server. */
export class Link {
  isUp = true;
  /** What the next requests meet, one each. */
  readonly fates: Fate[] = [];
  /** What went over it. */
  readonly calls = new Map<string, number>();
  /** Requests that wait for their answers. */
  underWay = 0;
  readonly met: (what: string) => void;
  readonly #parts: LinkParts;
  #messages = 0;

  constructor(parts: LinkParts, met: (what: string) => void) {
    this.#parts = parts;
    this.met = met;
  }

  /** Requests by which something is changed, or bytes go over the way. */
  get work(): number {
    const working = [...this.calls].filter(([what]) => /commits|chunks$|fetch$/.test(what));
    return working.reduce((sum, [, count]) => sum + count, 0);
  }

  /** Milliseconds that the next message takes. */
  latency(): number {
    const { seed, isSlow } = this.#parts;
    this.#messages += 1;
    const dice = new Dice(mix(seed, 2, this.#messages));
    if (!isSlow) return 1 + dice.under(20);
    return dice.pick([5, 50, 300, 2000]) * (0.5 + dice.share());
  }

  /** `fetch` over this way, for one process. */
  fetchFor(life: Life): (url: string, init: RequestInit) => Promise<Response> {
    return (url, init) => life.bounded(() => this.#fetch(url, init));
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const { scheduler, server, name } = this.#parts;
    const fate = this.fates.shift();
    const what = url.split('?', 1)[0] ?? url;
    this.calls.set(what, (this.calls.get(what) ?? 0) + 1);
    scheduler.note(`${name} asks ${url} ${fate ?? ''}`);
    if (fate !== undefined) this.met(fate);
    const { method = 'GET', headers, body } = init;
    const asked = {
      method,
      url,
      headers: headers as Record<string, string>,
      body: body as string | Uint8Array | undefined,
    };
    this.underWay += 1;
    try {
      await this.#travel(fate === 'request lost');
      const ask = async () => await mustBeUp(server.process).ask(asked);
      if (fate === 'request doubled')
        scheduler.in(this.latency() * 3, () => void ask().catch(() => {}));
      if (fate === 'answer of a proxy') return answer(502, HTML, [Buffer.from('<html>')]);
      const { status, headers: told, pieces } = await ask();
      if (fate === 'answer late') await scheduler.sleep(20_000);
      await this.#travel(fate === 'answer lost');
      scheduler.note(`${name} hears ${status} ${pieces.length}`);
      return answer(status, told, fate === 'answer torn' ? torn(pieces) : pieces);
    } finally {
      this.underWay -= 1;
    }
  }

  /** Throws where the message does not arrive. */
  async #travel(isLost: boolean): Promise<void> {
    const { scheduler } = this.#parts;
    await scheduler.sleep(this.latency());
    if (this.isUp && !isLost) return;
    await scheduler.sleep(DEADLINE);
    throw new Error('no answer came in time');
  }
}

function mustBeUp<T>(process: T | undefined): T {
  if (process === undefined) throw new Error('the connection was refused');
  return process;
}

const HTML = new Map([['content-type', 'text/html']]);

/** Without its last part; the connection ends in the middle. */
const torn = (pieces: readonly Uint8Array[]): (Uint8Array | undefined)[] => {
  const last = pieces.at(-1) ?? new Uint8Array();
  return [...pieces.slice(0, -1), last.subarray(0, last.length >> 1), undefined];
};

/** What the client uses of a Response. A piece that is undefined is the connection's end. */
function answer(
  status: number,
  headers: ReadonlyMap<string, string>,
  pieces: readonly (Uint8Array | undefined)[],
): Response {
  const told = {
    status,
    ok: status === 200,
    headers: { get: (name: string) => headers.get(name) ?? null },
    json: async () => {
      const bytes: Uint8Array[] = [];
      for await (const piece of body(pieces)) bytes.push(piece);
      return JSON.parse(Buffer.concat(bytes).toString());
    },
    body: body(pieces),
  };
  return told as unknown as Response;
}

async function* body(pieces: readonly (Uint8Array | undefined)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece === undefined) throw new Error('the connection was reset');
    yield piece;
  }
}
