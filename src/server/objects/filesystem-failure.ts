import { ObjectFailure } from '../ports.ts';

/** No space, no quota, or a file larger than the operator allows: a person must give more. */
const FULL: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** The system's name for what went wrong, like `ENOENT`; undefined: it was something else. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What to throw instead of this error; a failure stays as it is. Tells no path of the server. */
export function failureOf(what: string, error: unknown): ObjectFailure {
  if (error instanceof ObjectFailure) return error;
  const code = systemCode(error);
  const message = `could not ${what}: ${code ?? 'unknown reason'}`;
  return new ObjectFailure(FULL.has(code) ? 'full' : 'unavailable', message, { cause: error });
}
