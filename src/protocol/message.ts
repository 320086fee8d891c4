import Type, { type Static, type TSchema } from 'typebox';
import { DOWN } from './down.ts';
import { Failure } from './failure.ts';
import { parse, parseJson, parseKnown } from './parse.ts';
import { ClientId, Time } from './scalar.ts';
import { msToTime } from './time.ts';
import { UP } from './up.ts';

/**
 * Every message is one; what `data` holds, the type tells. The server asks only for type and data.
 */
export const Envelope = Type.Object({
  type: Type.String({ maxLength: 64 }),
  data: Type.Optional(Type.Unknown()),
  client_id: Type.Optional(ClientId),
  timestamp: Type.Optional(Time),
});

interface Message<K, D> {
  readonly type: K;
  readonly data: D;
}

type Messages<T extends Readonly<Record<string, TSchema>>> = {
  [K in keyof T]: Message<K, Static<T[K]>>;
}[keyof T];

/** What a client says. */
export type Up = Messages<typeof UP>;
/** What the server says. */
export type Down = Messages<typeof DOWN>;

/**
 * A client's message; throws Failure `bad_request`. Fields that the protocol does not know are
 * dropped.
 */
export const readUp = (text: string): Up => read(UP, text) as Up;

/**
 * The server's message; undefined for a type that this version does not know; throws Failure
 * `bad_request`.
 */
export function readDown(text: string): Down | undefined {
  try {
    return read(DOWN, text) as Down;
  } catch (error) {
    if (error instanceof UnknownType) return undefined;
    throw error;
  }
}

interface From {
  /** Of the client that sends it, or that it is sent to. */
  readonly clientId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The text of a message, in its envelope. */
export const writeUp = (message: Up, from: From): string => write(message, from);
export const writeDown = (message: Down, from: From): string => write(message, from);

class UnknownType extends Failure {}

function read(schemas: Readonly<Record<string, TSchema>>, text: string): Message<string, unknown> {
  const { type, data } = parse(Envelope, parseJson(text));
  const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  if (schema === undefined)
    throw new UnknownType('bad_request', 'There is no such type of message.');
  return { type, data: parseKnown(schema, data ?? {}) };
}

const write = ({ type, data }: Message<string, unknown>, { clientId, now }: From): string =>
  JSON.stringify({ type, data, client_id: clientId, timestamp: msToTime(now) });
