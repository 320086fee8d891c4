import Type from 'typebox';
import {
  MAX_API_KEY,
  MAX_CLIENT_ID,
  MAX_CLIENT_NAME,
  MAX_NAME,
  MAX_PATH,
  MIN_API_KEY,
} from './limits.ts';
import { TIME_PATTERN } from './time.ts';

/**
 * The small values that everything else is made of. A `title` says, after "must be", what a value
 * should be that does not match. Halves of a surrogate pair match no pattern: a text is well-formed
 * or refused.
 */
const text = (title: string, pattern: string, [minLength, maxLength]: [number, number]) =>
  Type.String({ title, pattern, minLength, maxLength });

const whole = (description: string, minimum: number, maximum: number = Number.MAX_SAFE_INTEGER) =>
  Type.Integer({ description, minimum, maximum });

const WELL_FORMED = '^[^\\ud800-\\udfff]*$';
const NO_CONTROL = '\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff';
/** One name of a path on the wire: neither `.` nor `..`, without slashes and control characters. */
const NAME = `(?!\\.{1,2}(?:/|$))[^/\\\\${NO_CONTROL}]+`;

export const NodeId = text(
  'a node id: 1 to 64 of A-Z, a-z, 0-9, _ and -',
  '^[A-Za-z0-9_-]{1,64}$',
  [1, 64],
);
export const ClientId = text(
  'a client id: no control characters, no slashes',
  `^[^/\\\\${NO_CONTROL}]+$`,
  [1, MAX_CLIENT_ID],
);
export const ClientName = text(
  'a name without control characters and <>:"/\\|?*',
  `^[^<>:"/\\\\|?*${NO_CONTROL}]+$`,
  [1, MAX_CLIENT_NAME],
);
export const ApiKey = text('an API key: 8 to 256 characters, no spaces', '^[\\u0021-\\u007e]+$', [
  MIN_API_KEY,
  MAX_API_KEY,
]);
export const HoldId = text('an id of a hold', '^[0-9a-f]{12}$', [12, 12]);
export const Epoch = text('an epoch', '^[A-Za-z0-9_-]{1,64}$', [1, 64]);
export const Token = text('a token', '^[A-Za-z0-9_-]{1,64}$', [1, 64]);
export const Sha256 = text('a SHA-256 in lower-case hex', '^[0-9a-f]{64}$', [64, 64]);
/**
 * Well-formed is all that the wire asks of a name: the server refuses a bad one for itself, not the
 * commit it is in.
 */
export const Name = text('well-formed text', WELL_FORMED, [1, MAX_NAME]);
export const Target = text('well-formed text', WELL_FORMED, [1, MAX_PATH]);
export const RelativePath = text(
  'a relative path, with / between names and without . and ..',
  `^${NAME}(?:/${NAME})*$`,
  [1, MAX_PATH],
);
/** A directory on somebody's machine, as they call it. */
export const DirectoryPath = text('a path', `^[^\\u0000\\ud800-\\udfff]*$`, [1, MAX_PATH]);
export const Time = text('a time in ISO 8601', TIME_PATTERN, [19, 35]);

export const Cursor = whole(
  'The number of a change in the history of the folder; 0 is before the first.',
  0,
);
export const Bytes = whole('Bytes.', 0);
export const Count = whole('How many.', 0);
export const Mtime = whole(
  'Milliseconds since 1970; may be negative.',
  -8_640_000_000_000_000,
  8_640_000_000_000_000,
);
export const Version = whole('A version of the protocol.', 1, 1_000_000);
export const Chain = Type.With(Sha256, {
  description: 'The name of the history up to the end of a commit, by all that it holds.',
});
