import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Failure } from '../../protocol/failure.ts';
import type { Missing, Stored } from '../../protocol/manifest.ts';
import { ROUTES } from '../../protocol/routes.ts';
import type { AppParts } from '../app.ts';
import { countBytes } from '../count-bytes.ts';
import { drain } from '../drain.ts';
import { gather } from '../gather.ts';
import { receiveFrames } from '../receive-frames.ts';
import { sendFrames } from '../send-frames.ts';
import { serve } from './serve.ts';

/** Bytes in bulk, both ways. */
export async function addChunks(app: FastifyInstance, parts: AppParts): Promise<void> {
  const { metadata, folder, metrics } = parts;

  serve(app, ROUTES.missingChunks, {
    answer: async ({ body }): Promise<Missing> => ({
      missing: await metadata.missingChunks(folder, body.hashes),
    }),
  });

  serve(app, ROUTES.wantedChunks, { answer: ({ query }) => parts.quarantine.wanted(query.before) });

  serve(app, ROUTES.fetchChunks, {
    answer: async ({ body, reply }) => {
      const places = await metadata.chunkPlaces(folder, [...new Set(body.hashes)]);
      reply.type('application/octet-stream');
      const frames = countBytes(gather(sendFrames(parts, places)), (count) =>
        metrics.transferred('down', count),
      );
      return reply.send(Readable.from(frames, { objectMode: false }));
    },
  });

  // Only this route reads such bodies, so only here are they let through.
  await app.register(async (scope) => {
    scope.addContentTypeParser('application/octet-stream', (_, payload, done) =>
      done(null, payload),
    );
    serve(scope, ROUTES.storeChunks, {
      answer: async ({ request, reply }): Promise<Stored> => {
        if (!(request.body instanceof Readable)) throw new Failure('unsupported_media_type');
        const up = (count: number) => metrics.transferred('up', count);
        // A refused body is not torn off: it has to be drained.
        const body = request.body.iterator({ destroyOnReturn: false });
        try {
          return { stored: await receiveFrames(parts, countBytes(body, up)) };
        } catch (error) {
          if (!(await drain(request.raw))) reply.header('connection', 'close');
          throw error;
        }
      },
    });
  });
}
