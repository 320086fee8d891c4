import { createHash, timingSafeEqual } from 'node:crypto';

/** Who may use the server: those who know one of its API keys, or all where it has none. */
export interface Access {
  /** No key is configured: for a trusted network. */
  readonly isOpen: boolean;
  /** Whether a request or message that brings this key may go on. */
  allows(key: string | undefined): boolean;
  /** As `allows`, for the header `Authorization: Bearer …`. */
  check(authorization: string | undefined): boolean;
}

export function createAccess(keys: readonly string[]): Access {
  const digests = keys.map(digestOf);
  const isOpen = digests.length === 0;
  const allows = (key: string | undefined): boolean => isOpen || isKnown(digests, key);
  return { isOpen, allows, check: (authorization) => allows(bearerOf(authorization)) };
}

/** The key of an `Authorization` header; undefined when it brings none. */
export const bearerOf = (authorization: string | undefined): string | undefined =>
  /^Bearer +([\u0021-\u007e]+) *$/i.exec(authorization ?? '')?.[1];

/**
 * Digests are of equal length, and all are looked at: neither how much of a key is right nor which
 * one it is shows in the time (F25).
 */
function isKnown(digests: readonly Buffer[], key: string | undefined): boolean {
  const given = digestOf(key ?? '');
  let found = false;
  for (const digest of digests) found = timingSafeEqual(digest, given) || found;
  return found && key !== undefined;
}

const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();
