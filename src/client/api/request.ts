import type { Static, TSchema } from 'typebox';
import { ErrorMessage, FAILURES, Failure, isFailureCode } from '../../protocol/failure.ts';
import { fits } from '../../protocol/parse.ts';
import { ApiFailure } from '../ports.ts';

export interface HttpOptions {
  /** `http://host:port`, without a slash at the end. */
  readonly base: string;
  readonly apiKey: string | undefined;
  /** The way to the server, where it is not the network. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

interface Question {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON by POST. */
  readonly body?: unknown;
  /** Sent by POST, one after the other; to be left as they are until the answer is there. */
  readonly bytes?: readonly Uint8Array[];
  /** Statuses beside 200 whose body is an answer too. */
  readonly answers?: readonly number[];
}

/** A request that has not ended by then has failed; requests are bounded in size. Milliseconds. */
const DEADLINE = 120_000;

/**
 * One question and its validated answer. Whatever is not an answer of the server (another status, a
 * proxy's page, a body that the schema does not know) throws ApiFailure: no answer is ever guessed (B08, E14).
 */
export async function request<S extends TSchema>(
  options: HttpOptions,
  question: Question & { readonly schema: S },
): Promise<Static<S>> {
  const response = await send(options, question);
  const body = await bodyOf(response);
  if (isAnswer(response, question) && fits(question.schema, body)) return body;
  throw response.ok ? notOurs() : failureOf(response, body);
}

const notOurs = (cause?: unknown): ApiFailure =>
  new ApiFailure('bad_answer', 'The answer is not one of a Syncer server.', { retry: true, cause });

/** What a reader of the protocol makes of an answer; nonsense is a failure of the server. */
export function asAnswer<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Failure ? notOurs(error) : error;
  }
}

/** The bytes of an answer as they come. */
export async function* streamOf(
  options: HttpOptions,
  question: Question,
): AsyncIterable<Uint8Array> {
  const response = await send(options, question);
  if (!isAnswer(response, question)) throw failureOf(response, await bodyOf(response));
  if (
    response.headers.get('content-type') !== 'application/octet-stream' ||
    response.body === null
  ) {
    throw notOurs();
  }
  try {
    yield* response.body;
  } catch (cause) {
    throw unreachable(cause);
  }
}

/** A body that is given as a whole is copied twice; of this size that is most of the work of sending it. Bytes. */
const LARGE = 1024 * 1024;

const overNetwork = (
  url: string,
  init: RequestInit,
  bytes: readonly Uint8Array[],
): Promise<Response> =>
  fetch(url, { ...init, ...streamed(init, bytes), signal: AbortSignal.timeout(DEADLINE) });

function streamed({ headers }: RequestInit, bytes: readonly Uint8Array[]): RequestInit {
  const length = bytes.reduce((sum, piece) => sum + piece.length, 0);
  if (length < LARGE) return wholeOf(bytes);
  return {
    headers: { ...(headers as Record<string, string>), 'content-length': String(length) },
    body: ReadableStream.from(bytes),
    duplex: 'half',
  };
}

const wholeOf = (bytes: readonly Uint8Array[]): RequestInit =>
  bytes.length === 0 ? {} : { body: Buffer.concat(bytes) };

async function send(
  { base, apiKey, fetch }: HttpOptions,
  { path, headers, body, bytes = [] }: Question,
): Promise<Response> {
  const isPost = bytes.length > 0 || body !== undefined;
  const type = body === undefined ? 'application/octet-stream' : 'application/json';
  const init = {
    method: isPost ? 'POST' : 'GET',
    redirect: 'error', // A key must not follow to another place (G09).
    headers: {
      ...headers,
      ...(isPost && { 'content-type': type }),
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  } as const;
  const url = base + path;
  try {
    if (fetch === undefined) return await overNetwork(url, init, bytes);
    return await fetch(url, { ...init, ...wholeOf(bytes) });
  } catch (cause) {
    throw unreachable(cause);
  }
}

const isAnswer = ({ status }: Response, { answers = [] }: Question): boolean =>
  status === 200 || answers.includes(status);

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    if (response.ok) throw unreachable(cause);
    return undefined;
  }
}

const unreachable = (cause: unknown): ApiFailure =>
  new ApiFailure('unreachable', 'The server cannot be reached.', { retry: true, cause });

/** What the server said is wrong; for a status without our body, what the status says. */
function failureOf({ status, headers }: Response, body: unknown): ApiFailure {
  const after = Number(headers.get('retry-after')) * 1000;
  const wait = after > 0 ? { after } : {};
  if (!fits(ErrorMessage, body)) {
    const message = `The server answered ${status}.`;
    return new ApiFailure('bad_answer', message, { retry: true, ...wait });
  }
  const { error_code: code, message } = body;
  const retry = isFailureCode(code) ? FAILURES[code].retry : status >= 500;
  return new ApiFailure(code, message, { retry, ...wait });
}
