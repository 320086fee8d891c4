import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Failure } from '../../protocol/failure.ts';
import type { AppParts } from '../app.ts';
import { asksForPage } from '../asks-for-page.ts';
import { wirePath } from './wire-path.ts';

/**
 * The app for a person's browser. Its files hold no secrets, so everybody gets them: the app asks for the key. What they
 * are is looked up once, at the start.
 */
export async function addWebApp(app: FastifyInstance, { webDirectory }: AppParts): Promise<void> {
  const isBuilt = webDirectory !== undefined && existsSync(join(webDirectory, INDEX));
  if (isBuilt) await addFiles(app, webDirectory);
  const sendPage = (reply: FastifyReply): FastifyReply =>
    isBuilt
      ? sendFresh(reply, INDEX)
      : reply.code(404).type('text/plain; charset=utf-8').send(NOT_BUILT);
  app.route({ ...OPEN, url: '/', handler: async (_, reply) => sendPage(reply) });
  app.setNotFoundHandler(async (request, reply) => {
    if (asksForPage(request)) return sendPage(reply);
    throw new Failure('not_found', 'There is no such route.');
  });
}

const INDEX = 'index.html';
const NOT_BUILT = 'The web app is not built: run `npm run build`. Then start the server again.\n';
const OPEN = { method: ['GET', 'HEAD'], config: { needsKey: false } };

/** Neither hidden files nor anything that a path could be made of. */
const PLAIN = /^[\w@-][\w.@-]*$/;

async function addFiles(app: FastifyInstance, root: string): Promise<void> {
  await app.register(staticFiles, { root, serve: false, cacheControl: false });
  for (const found of await readdir(root, { withFileTypes: true })) {
    const { name } = found;
    if (!PLAIN.test(name)) continue;
    if (found.isDirectory()) addDirectory(app, name);
    else {
      app.route({ ...OPEN, url: `/${name}`, handler: async (_, reply) => sendFresh(reply, name) });
    }
  }
}

/** What is in `assets` has its content's hash in its name: it never becomes another. */
function addDirectory(app: FastifyInstance, directory: string): void {
  const isHashed = directory === 'assets';
  app.route({
    ...OPEN,
    url: `/${directory}/*`,
    handler: async (request, reply) => {
      const path = wirePath(request);
      if (!path.split('/').every((name) => PLAIN.test(name))) throw new Failure('not_found');
      const file = `${directory}/${path}`;
      if (!isHashed) return sendFresh(reply, file);
      reply.header('cache-control', 'public, max-age=31536000, immutable');
      return withPolicy(reply).sendFile(file);
    },
  });
}

/** Whole, each time: a file of the next version may have the size and the time of this one's. */
const sendFresh = (reply: FastifyReply, file: string): FastifyReply =>
  withPolicy(reply)
    .header('cache-control', 'no-cache')
    .sendFile(file, { etag: false, lastModified: false });

const withPolicy = (reply: FastifyReply): FastifyReply =>
  reply.header('content-security-policy', PAGE_POLICY);

/** The app's own scripts, and nothing from elsewhere; what it shows of contents comes from here or from itself. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "frame-src 'self' blob:",
  "connect-src 'self' ws: wss:",
  "font-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
