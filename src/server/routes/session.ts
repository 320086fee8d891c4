import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Done } from '../../protocol/contract-answer.ts';
import { ROUTES } from '../../protocol/routes.ts';
import type { AppParts } from '../app.ts';
import { SESSION_LASTS } from '../browser-sessions.ts';
import { SESSION_COOKIE } from '../guard-requests.ts';
import { serve } from './serve.ts';

/** What a browser shows and saves by itself brings no header: it reads with a cookie, where keys are needed. */
export function addSession(app: FastifyInstance, { access, sessions }: AppParts): void {
  serve(app, ROUTES.openSession, {
    answer: ({ request, reply }): Done => {
      if (access.isOpen) return { success: true, message: 'No key is needed here.' };
      sessions.close(request.cookies[SESSION_COOKIE]);
      const maxAge = SESSION_LASTS / 1000;
      reply.setCookie(SESSION_COOKIE, sessions.open(), { ...attributesOf(request), maxAge });
      return { success: true, message: 'The cookie is set.' };
    },
  });

  serve(app, ROUTES.closeSession, {
    answer: ({ request, reply }): Done => {
      sessions.close(request.cookies[SESSION_COOKIE]);
      if (!access.isOpen) reply.clearCookie(SESSION_COOKIE, attributesOf(request));
      return { success: true, message: 'The cookie is worth nothing any more.' };
    },
  });
}

/** No script of a page reads it, and no page of another site sends it. */
const attributesOf = ({ protocol }: FastifyRequest) =>
  ({ httpOnly: true, sameSite: 'strict', path: '/', secure: protocol === 'https' }) as const;
