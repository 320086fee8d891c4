import type { FastifyRequest } from 'fastify';
import type { Route } from '../protocol/route.ts';
import { ROUTES } from '../protocol/routes.ts';
import { accepts } from './answer-json.ts';

/**
 * Whether a person's browser asks for a place within the web app, which the server knows nothing of: the app itself is
 * the answer, and finds the place. Never below what programs ask for: there, what is not there is an error.
 */
export function asksForPage({ is404, method, url, headers }: FastifyRequest): boolean {
  if (!is404 || (method !== 'GET' && method !== 'HEAD')) return false;
  return !RESERVED.has(firstName(url)) && accepts(headers.accept, 'text/html');
}

const firstName = (path: string): string => /^\/([^/?]*)/.exec(path)?.[1] ?? '';

const RESERVED: ReadonlySet<string> = new Set([
  'assets',
  ...Object.values<Route>(ROUTES).map(({ path }) => firstName(path)),
]);
