import { WebSocket } from 'ws';
import { Failure } from '../../protocol/failure.ts';
import type { Hold, Words } from '../../protocol/held.ts';
import { MAX_PATH, MISSED_HEARTBEATS } from '../../protocol/limits.ts';
import { type Down, readDown, type Up, writeUp } from '../../protocol/message.ts';
import { pushedFromWire } from '../../protocol/pushed.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { Verbs } from '../breaker.ts';
import type { Live, LiveEvent } from '../live-connection.ts';
import type { Clock } from '../ports.ts';
import type { Reached } from '../reached.ts';
import type { ShownHold } from '../show-hold.ts';
import { AppliedReporter } from './report-applied.ts';

export interface WebSocketLiveOptions {
  /** `ws://host:port`, without a slash at the end. */
  readonly base: string;
  readonly apiKey: string | undefined;
  /** Of this client when it connects: it may get another. */
  readonly clientId: () => string;
  readonly clientName: string;
  readonly syncRoot: string;
  /** Milliseconds. */
  readonly heartbeat: number;
  readonly clock: Clock;
  /** Between 0 and 1, for jitter. */
  readonly random: () => number;
}

/** All in milliseconds. */
const BACKOFF = { first: 250, longest: 30_000 };
/** The other side may take this long to say goodbye too. Milliseconds. */
const GOODBYE = 1_000;
/** A message holds at most one commit with small contents. Bytes. */
const MAX_PAYLOAD = 16 * 1024 * 1024;

/** The live connection over a WebSocket; it comes back for ever, each time waiting longer, at most half a minute. */
export function webSocketLive(options: WebSocketLiveOptions): Live {
  const ending = new AbortController();
  const asked: Asked = { holds: undefined, connection: undefined };
  let running = Promise.resolve();
  let current: Connection | undefined;
  const reporter = new AppliedReporter({
    say: (reached) => current?.report(reached),
    clock: options.clock,
    random: options.random,
  });
  const onOpened = (connection: Connection): void => {
    current = connection;
  };
  return {
    run(onEvent) {
      running = keepConnected(options, {
        onEvent,
        onOpened,
        reporter,
        signal: ending.signal,
        asked,
      });
    },
    tellHeld(holds) {
      if (JSON.stringify(holds) === JSON.stringify(asked.holds)) return;
      asked.holds = holds;
      asked.connection?.tellHeld();
    },
    report: (reached) => reporter.note(reached),
    async stop() {
      ending.abort();
      await running;
    },
  };
}

/** What a person is asked, whatever connection there is. */
interface Asked {
  /** undefined: nothing was looked at yet, so nobody knows. */
  holds: readonly ShownHold[] | undefined;
  /** The last one. */
  connection: Connection | undefined;
}

interface Run {
  readonly onEvent: (event: LiveEvent) => void;
  readonly onOpened: (connection: Connection) => void;
  readonly reporter: AppliedReporter;
  readonly signal: AbortSignal;
  readonly asked: Asked;
}

async function keepConnected(options: WebSocketLiveOptions, run: Run): Promise<void> {
  const { clock, random } = options;
  for (let failures = 0; !run.signal.aborted; failures += 1) {
    const connection = new Connection(options, run);
    run.asked.connection = connection;
    run.onOpened(connection);
    const reason = await connection.ended;
    run.reporter.disconnected();
    if (connection.wasWelcome) {
      failures = 0;
      run.onEvent({ type: 'disconnected', reason });
    }
    const longest = Math.min(BACKOFF.longest, BACKOFF.first * 2 ** failures);
    if (!run.signal.aborted) await clock.sleep(longest * (0.5 + 0.5 * random()), run.signal);
  }
}

/** One connection, from its opening to its end. */
class Connection {
  wasWelcome = false;
  readonly ended: Promise<string>;
  readonly #options: WebSocketLiveOptions;
  readonly #run: Run;
  readonly #socket: WebSocket;
  readonly #clientId: string;
  #heard = 0;
  /** Of how many masses the server knows; undefined: it does not want to be told. */
  #heldThere: number | undefined;

  constructor(options: WebSocketLiveOptions, run: Run) {
    this.#options = options;
    this.#run = run;
    const { base, apiKey } = options;
    this.#clientId = options.clientId();
    this.#socket = new WebSocket(`${base}/ws/${encodeURIComponent(this.#clientId)}`, {
      perMessageDeflate: false,
      maxPayload: MAX_PAYLOAD,
      followRedirects: false,
      handshakeTimeout: 10_000,
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
    });
    this.ended = this.#live();
  }

  async #live(): Promise<string> {
    const { signal } = this.#run;
    let late: NodeJS.Timeout | undefined;
    const close = (): void => {
      this.#socket.close(1000);
      late = setTimeout(() => this.#socket.terminate(), GOODBYE);
    };
    signal.addEventListener('abort', close, { once: true });
    const beat = setInterval(() => this.#beat(), this.#options.heartbeat);
    const reason = await this.#untilClosed();
    clearInterval(beat);
    clearTimeout(late);
    signal.removeEventListener('abort', close);
    return reason;
  }

  #untilClosed(): Promise<string> {
    return new Promise((resolve) => {
      let problem = '';
      this.#socket.on('open', () => this.#introduce());
      this.#socket.on('message', (data) => this.#receive(String(data)));
      this.#socket.on('error', (error) => {
        problem = error.message;
      });
      this.#socket.on('close', (code, reason) =>
        resolve(problem || String(reason) || `closed (${code})`),
      );
    });
  }

  #introduce(): void {
    const { clientName, syncRoot, apiKey } = this.#options;
    this.#heard = this.#options.clock.now();
    this.#send({
      type: 'client_connect',
      data: {
        client_id: this.#clientId,
        client_name: clientName,
        sync_root: syncRoot,
        protocol_version: PROTOCOL_VERSION,
        presence: false,
        reports: true,
        ...(apiKey !== undefined && { api_key: apiKey }),
      },
    });
  }

  /** Of nothing, a server that knows of nothing need not be told. */
  tellHeld(): void {
    const { holds } = this.#run.asked;
    if (holds === undefined || this.#heldThere === undefined) return;
    if (holds.length + this.#heldThere === 0) return;
    this.#heldThere = holds.length;
    this.#send({ type: 'held', data: { holds: holds.map(sendable) } });
  }

  report({ cursor, held }: Reached): void {
    this.#send({ type: 'applied', data: { cursor, held } });
  }

  #send(message: Up): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const now = this.#options.clock.now();
    this.#socket.send(writeUp(message, { clientId: this.#clientId, now }));
  }

  #receive(text: string): void {
    this.#heard = this.#options.clock.now();
    try {
      const message = readDown(text);
      if (message !== undefined) this.#handle(message);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#run.onEvent({ type: 'behind' }); // What it said cannot be read; asking repairs it.
    }
  }

  #handle({ type, data }: Down): void {
    const { onEvent } = this.#run;
    if (type === 'client_connect') {
      this.wasWelcome = data.success;
      const { applied_every: every, epoch } = data;
      if (data.success && every !== undefined && epoch !== undefined)
        this.#run.reporter.connected({ epoch, every });
      onEvent(
        data.success ? { type: 'connected' } : { type: 'disconnected', reason: data.message },
      );
      this.#heldThere = data.held;
      this.tellHeld();
    } else if (type === 'word') {
      onEvent({ type: 'word', verbs: verbsOf(data) });
    } else if (type === 'file_changed') {
      if (data.pushed === undefined) onEvent({ type: 'behind' });
      else onEvent({ type: 'changed', ...pushedFromWire(data.pushed) });
    } else if (type === 'behind') {
      onEvent({ type: 'behind', cursor: data.cursor });
    } else if (type === 'applied_wanted') {
      this.#run.reporter.want(data.cursor);
    }
  }

  /** A half-open connection never says so: silence ends it (E03). */
  #beat(): void {
    const { clock, heartbeat } = this.#options;
    const silence = clock.now() - this.#heard;
    if (silence > heartbeat * MISSED_HEARTBEATS) this.#socket.terminate();
    else this.#send({ type: 'heartbeat', data: { client_id: this.#clientId } });
  }
}

/** A path that is too long for the wire would spoil the whole message. */
const sendable = ({ examples, ...hold }: ShownHold): Hold => ({
  ...hold,
  examples: examples.filter((path) => path.length <= MAX_PATH),
});

const verbsOf = ({ words }: Words): Verbs =>
  Object.fromEntries(words.map(({ id, verb }) => [id, verb]));
