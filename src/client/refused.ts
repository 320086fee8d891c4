/**
 * Why a command cannot do what it was asked, for the person who asked: what is wrong, with which thing, and
 * the way out. It is shown as it is, without a stack.
 */
export class Refused extends Error {
  /** 1: a configuration or run-time error; 2: the command was used wrongly. */
  readonly exitCode: 1 | 2;

  constructor(message: string, options: ErrorOptions & { exitCode?: 1 | 2 } = {}) {
    super(message, options);
    this.name = 'Refused';
    this.exitCode = options.exitCode ?? 1;
  }
}

/** What the system said went wrong, in words. */
export function systemReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  return code in REASONS ? `${REASONS[code]} (${code})` : code || message;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'there is no permission',
  EPERM: 'it is not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'it is not there',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  EEXIST: 'it is there already',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ELOOP: 'it is a ring of symlinks',
  ENAMETOOLONG: 'the name is too long',
};
