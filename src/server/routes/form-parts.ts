import type { FastifyRequest } from 'fastify';
import { Failure } from '../../protocol/failure.ts';

export interface FormField {
  readonly type: 'field';
  readonly name: string;
  readonly value: string;
}

export interface FormFile {
  readonly type: 'file';
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * The parts of a form as they come; a file must be read to its end before the next part comes. Throws
 * Failure `bad_request` for what is not a whole form.
 */
export async function* formParts(request: FastifyRequest): AsyncGenerator<FormField | FormFile> {
  for await (const part of readable(request.parts())) {
    const { fieldname: name } = part;
    if (part.type === 'file') {
      yield { type: 'file', name, bytes: readable<Uint8Array>(part.file) };
      continue;
    }
    if (part.valueTruncated || part.fieldnameTruncated || typeof part.value !== 'string') {
      throw new Failure('bad_request', 'A field of the form is too long, or no text.');
    }
    yield { type: 'field', name, value: part.value };
  }
}

/** Errors of the form's parser have no code of their own. */
async function* readable<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    for await (const one of source) yield one;
  } catch (cause) {
    const isKnown = cause instanceof Error && 'statusCode' in cause;
    throw isKnown ? cause : new Failure('bad_request', 'The form cannot be read.', { cause });
  }
}
