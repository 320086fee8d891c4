import type { Static, TSchema } from 'typebox';
import { ErrorMessage, FAILURES, Failure, isFailureCode } from '../../protocol/failure.ts';
import { fits } from '../../protocol/parse.ts';
import { ApiFailure } from '../ports.ts';
import { type Asked, overNetwork, type Reply } from './over-network.ts';

export interface HttpOptions {
  /** `http://host:port`, without a slash at the end. */
  readonly base: string;
  readonly apiKey: string | undefined;
  /** The way to the server, where it is not the network. */
  readonly fetch?: (url: string, asked: Asked) => Promise<Reply>;
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

async function send(
  { base, apiKey, fetch }: HttpOptions,
  { path, headers, body, bytes }: Question,
): Promise<Reply> {
  const pieces = bytes ?? (body === undefined ? [] : [JSON.stringify(body)]);
  const type = bytes === undefined ? 'application/json' : 'application/octet-stream';
  const asked = {
    method: pieces.length === 0 ? 'GET' : 'POST',
    headers: {
      ...headers,
      ...(pieces.length > 0 && { 'content-type': type }),
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    },
  };
  const url = base + path;
  try {
    if (fetch === undefined) return await overNetwork(url, { ...asked, pieces });
    return await fetch(url, { ...asked, ...wholeOf(pieces) });
  } catch (cause) {
    throw unreachable(cause);
  }
}

function wholeOf(pieces: readonly (string | Uint8Array)[]): Pick<Asked, 'body'> {
  const [first, ...more] = pieces;
  if (first === undefined) return {};
  if (more.length === 0 && typeof first === 'string') return { body: first };
  return { body: Buffer.concat(pieces.map((piece) => Buffer.from(piece))) };
}

const isAnswer = ({ status }: Reply, { answers = [] }: Question): boolean =>
  status === 200 || answers.includes(status);

async function bodyOf(response: Reply): Promise<unknown> {
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
function failureOf({ status, headers }: Reply, body: unknown): ApiFailure {
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
