import Type, { type Static } from 'typebox';

interface Meaning {
  readonly status: number;
  /**
   * The same may be asked again: after a pull, or later. Otherwise somebody must change something
   * first.
   */
  readonly retry: boolean;
  readonly meaning: string;
}

/** Every error there is, once. Nothing is ever inferred from a message's text. */
export const FAILURES = {
  bad_request: {
    status: 400,
    retry: false,
    meaning: 'The request or message is not what the protocol asks for.',
  },
  bad_name: { status: 400, retry: false, meaning: 'A name or path cannot be synchronized.' },
  unauthorized: { status: 401, retry: false, meaning: 'A valid API key is needed.' },
  forbidden: { status: 403, retry: false, meaning: 'This key or client may not do this.' },
  not_registered: { status: 403, retry: true, meaning: 'The client must register first.' },
  // A node that another client deleted meanwhile: the next pull tells.
  not_found: { status: 404, retry: true, meaning: 'There is no such file, node or route.' },
  conflict: { status: 409, retry: false, meaning: 'What is there does not allow this.' },
  stale: {
    status: 409,
    retry: true,
    meaning: 'The node changed meanwhile: pull, merge and offer again.',
  },
  name_taken: {
    status: 409,
    retry: true,
    meaning: 'Another node has this name in this directory.',
  },
  parent_missing: {
    status: 409,
    retry: true,
    meaning: 'The directory that should hold the node is not there.',
  },
  ring: { status: 409, retry: true, meaning: 'A directory would come to lie inside itself.' },
  not_empty: { status: 409, retry: true, meaning: 'The directory still holds something.' },
  exists: { status: 409, retry: true, meaning: 'A node with this id is there already.' },
  wrong_kind: { status: 409, retry: true, meaning: 'The node is not of the kind that this needs.' },
  missing_chunks: {
    status: 409,
    retry: true,
    meaning: 'Chunks that the content needs are not on the server.',
  },
  wrong_epoch: {
    status: 409,
    retry: true,
    meaning: 'The server has another history than the client remembers.',
  },
  cloned: {
    status: 409,
    retry: true,
    meaning: 'Another client has this id: one of the two is a copy, and needs an id of its own.',
  },
  file_too_large: {
    status: 413,
    retry: false,
    meaning: 'The file is larger than the server allows.',
  },
  request_too_large: {
    status: 413,
    retry: false,
    meaning: 'The request or message is larger than the protocol allows.',
  },
  extension_not_allowed: {
    status: 415,
    retry: false,
    meaning: 'The server does not take files with this extension.',
  },
  unsupported_media_type: {
    status: 415,
    retry: false,
    meaning: 'The body is of a type that this route does not read.',
  },
  range_not_satisfiable: {
    status: 416,
    retry: false,
    meaning: 'The range asked for lies outside the file.',
  },
  checksum_mismatch: {
    status: 422,
    retry: true,
    meaning: 'The bytes are not those that the checksum names.',
  },
  unsupported_version: {
    status: 426,
    retry: false,
    meaning: 'Client and server speak different versions of the protocol.',
  },
  too_many_requests: {
    status: 429,
    retry: true,
    meaning: 'Too many requests, messages or connections: wait a little.',
  },
  internal: { status: 500, retry: true, meaning: 'The server made a mistake; its log says which.' },
  unavailable: { status: 503, retry: true, meaning: 'The server cannot do this now.' },
  disk_full: { status: 507, retry: true, meaning: 'The server has no space left.' },
} as const satisfies Record<string, Meaning>;

export type FailureCode = keyof typeof FAILURES;

export const isFailureCode = (code: string): code is FailureCode => Object.hasOwn(FAILURES, code);

export const FailureCode = Type.Unsafe<FailureCode>(
  Type.Enum(Object.keys(FAILURES), { description: 'What went wrong, for a program.' }),
);

/** One thing that is wrong, for whoever has to put it right. */
export const Detail = Type.Object({
  field: Type.String({ description: 'Where, e.g. `changes[3].place.name`; empty for the whole.' }),
  reason: Type.String({ description: 'What is wrong with it.' }),
});
export type Detail = Static<typeof Detail>;

/**
 * The body of every error answer, and the data of an `error` message: ErrorMessage. The code is any
 * string here, so that a client reads the errors of a newer server too.
 */
export const ErrorMessage = Type.Object({
  error_code: Type.String({
    maxLength: 64,
    description: 'What went wrong, for a program: one of the listed codes.',
  }),
  message: Type.String({
    description: 'One sentence for a person. It holds no path, stack or secret of the server.',
  }),
  details: Type.Optional(
    Type.Unknown({ description: 'For `bad_request` a list of `{field, reason}`.' }),
  ),
});
export type ErrorMessage = Static<typeof ErrorMessage>;

export interface FailureOptions extends ErrorOptions {
  readonly details?: readonly Detail[];
  /** Milliseconds to wait before another try; the answer's `Retry-After` says it in seconds. */
  readonly after?: number;
}

/** What either side throws when a request or message cannot be served. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly status: number;
  readonly retry: boolean;
  readonly details: readonly Detail[] | undefined;
  readonly after: number | undefined;

  /**
   * `message`: a sentence that the other side may read; what the code means, when there is no
   * better one.
   */
  constructor(
    code: FailureCode,
    message: string = FAILURES[code].meaning,
    options: FailureOptions = {},
  ) {
    super(message, options);
    this.name = 'Failure';
    this.code = code;
    this.status = FAILURES[code].status;
    this.retry = FAILURES[code].retry;
    this.details = options.details;
    this.after = options.after;
  }

  /** What may be told to the other side: neither the cause nor the stack. */
  get body(): ErrorMessage {
    const { code, message, details } = this;
    return details === undefined
      ? { error_code: code, message }
      : { error_code: code, message, details };
  }
}
