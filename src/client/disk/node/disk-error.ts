import { DiskError, type DiskProblem, type Path } from '../../ports.ts';

/** What an errno means for one path. The place to look when a new system says something new. */
const PROBLEMS: Readonly<Record<string, DiskProblem>> = {
  ENOENT: 'absent',
  ENOTDIR: 'absent',
  EEXIST: 'exists',
  EISDIR: 'exists',
  ENOTEMPTY: 'not-empty',
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EBUSY: 'busy',
  ETXTBSY: 'busy',
  EAGAIN: 'busy',
  EMFILE: 'busy',
  ENFILE: 'busy',
  EIO: 'unreadable',
  ENOTCONN: 'unreadable',
  ESTALE: 'unreadable',
  ETIMEDOUT: 'unreadable',
  ENODEV: 'unreadable',
  EINVAL: 'unsupported',
  EILSEQ: 'unsupported',
  EXDEV: 'unsupported',
  EFBIG: 'unsupported',
  ENXIO: 'unsupported',
  ENOSYS: 'unsupported',
  ENOTSUP: 'unsupported',
  EOPNOTSUPP: 'unsupported',
  ENAMETOOLONG: 'too-long',
  ELOOP: 'outside',
};

/** What a system without hard links says when it is asked for one. */
const NO_LINK = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

export function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/** An errno as the problem of `path`; anything else is a mistake of ours and stays what it is. */
export function diskError(error: unknown, path: Path): unknown {
  const code = errnoOf(error);
  if (code === undefined || code.startsWith('ERR_')) return error;
  return new DiskError(PROBLEMS[code] ?? 'unreadable', path, { cause: error });
}

export const isAbsent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '');

export const isNoLink = (error: unknown): boolean => NO_LINK.has(errnoOf(error) ?? '');

/** Runs a step that works on `path`; what it throws becomes that path's problem. */
export function asProblemOf<T>(path: Path, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw diskError(error, path);
  }
}
