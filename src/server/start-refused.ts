import type { ServerConfig } from '../protocol/server-config.ts';

/** Why the server does not start. The message is one sentence for the operator. */
export class StartRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartRefused';
  }
}

type Where = Pick<ServerConfig, 'host' | 'port'>;

/** For an error of listening. */
export function cannotListen(cause: unknown, { host, port }: Where): StartRefused {
  const code = codeOf(cause);
  const reason = LISTEN_REASONS[code] ?? `the system says ${code}`;
  return new StartRefused(`The server cannot listen on port ${port} of ${host}: ${reason}.`, {
    cause,
  });
}

const LISTEN_REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program does; stop it, or choose another port with --port',
  EACCES: 'this user may not; ports below 1024 are for the administrator',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name cannot be looked up now',
};

/** For an error of opening what lies in the server's directory. */
export function cannotStore(cause: unknown, directory: string): StartRefused {
  if (cause instanceof StartRefused) return cause;
  const code = codeOf(cause);
  const reason = STORE_REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  const message = `The server cannot use ${directory} (sync_directory): ${reason.replace(/\.$/, '')}.`;
  return new StartRefused(message, { cause });
}

const STORE_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it cannot be made',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk can only be read',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'it is a file',
  ENOSPC: 'the disk is full',
  SQLITE_CANTOPEN: 'its database cannot be opened',
  SQLITE_READONLY: 'its database may not be written by this user',
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
