import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { openapi } from '../../protocol/openapi.ts';
import { ROUTES } from '../../protocol/routes.ts';
import { accepts } from '../answer-json.ts';
import type { AppParts } from '../app.ts';
import { serve } from './serve.ts';

/**
 * The description of the interface, for programs and for people. The page and all that it needs come
 * from here, so that it works without the internet; its addresses are relative, so that it works behind a proxy.
 */
export function addDocs(app: FastifyInstance, { version }: AppParts): void {
  const description = openapi(version);
  serve(app, ROUTES.openapi, { answer: () => description });

  serve(app, ROUTES.docs, {
    answer: ({ reply }) =>
      reply
        .header('content-security-policy', PAGE_POLICY)
        .type('text/html; charset=utf-8')
        .send(PAGE),
  });

  let script: Promise<Script> | undefined;
  app.get(`${ROUTES.docs.path}/scalar.js`, async (request, reply) => {
    script ??= loadScript();
    const { plain, compressed } = await script;
    reply.type('text/javascript; charset=utf-8').header('vary', 'accept-encoding');
    reply.header('cache-control', 'private, max-age=3600');
    if (!accepts(request.headers['accept-encoding'], 'gzip')) return reply.send(plain);
    return reply.header('content-encoding', 'gzip').send(compressed);
  });
}

/** What the page loads: its own script, which sets styles, and the description. Nothing from elsewhere. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const SETTINGS = JSON.stringify({ withDefaultFonts: false, telemetry: false });

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <title>Syncer</title>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
  </head>
  <body>
    <noscript>The description itself is <a href="openapi.json">openapi.json</a>.</noscript>
    <script id="api-reference" data-url="openapi.json" data-configuration='${SETTINGS}'></script>
    <script src="docs/scalar.js"></script>
  </body>
</html>
`;

interface Script {
  readonly plain: Buffer;
  readonly compressed: Buffer;
}

/**
 * Some MiB, so loaded when somebody looks. The package gives its script only through a route, and with
 * it a page that our policy would not let run: the route is asked on an app of its own.
 */
async function loadScript(): Promise<Script> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  const inner = Fastify();
  await inner.register(scalar, { routePrefix: '/docs', configuration: { url: 'openapi.json' } });
  const { rawPayload } = await inner.inject('/docs/js/scalar.js');
  await inner.close();
  return { plain: rawPayload, compressed: await promisify(gzip)(rawPayload) };
}
