import type { FastifyRequest } from 'fastify';

/**
 * The file's path in a request's, decoded once, by the router: what is checked is what is used (F05). A
 * path that could not be decoded has not come this far.
 */
export function wirePath({ params }: FastifyRequest): string {
  const { '*': path } = params as { readonly '*'?: string };
  return path ?? '';
}
