import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../protocol/failure.ts';
import { type Recorders, routeOf } from './record-requests.ts';
import { toFailure } from './to-failure.ts';

/** Every error becomes a Failure's status and body; what the server did wrong is logged with its cause. */
export function answerFailures(app: FastifyInstance, { log, metrics }: Recorders): void {
  app.setErrorHandler((error, request, reply) => {
    const failure = toFailure(error);
    const { status, code, cause } = failure;
    metrics.error(code);
    if (status >= 500) {
      const { method } = request;
      log.error(
        { err: cause ?? failure, method, route: routeOf(request), code },
        'a request failed',
      );
    }
    sendFailure(reply, failure);
  });
}

export function sendFailure(reply: FastifyReply, failure: Failure): void {
  if (failure.after !== undefined) {
    reply.header('retry-after', String(Math.max(1, Math.ceil(failure.after / 1000))));
  }
  reply.removeHeader('content-encoding').removeHeader('content-length');
  reply.code(failure.status).type('application/json; charset=utf-8');
  reply.send(JSON.stringify(failure.body));
}

/** For what the framework refuses before there is a route: a path that is no text (F02), or much too long. */
export function answerBadUrl(_: unknown, __: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-content-type-options', 'nosniff');
  sendFailure(reply, new Failure('bad_name', 'The path is not valid.'));
}

/** For what is not HTTP, or has more headers than fit: no request comes of it. */
export function answerNonsense(error: Error, socket: Duplex): void {
  if (!socket.writable || ('code' in error && error.code === 'ECONNRESET')) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(new Failure('bad_request', 'This is not a valid request.').body);
  const head = [
    'HTTP/1.1 400 Bad Request',
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
