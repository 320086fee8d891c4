import type { FastifyInstance } from 'fastify';
import { Failure } from '../../protocol/failure.ts';
import { ROUTES } from '../../protocol/routes.ts';
import type { Activity, ActivityQuery } from '../../protocol/steer.ts';
import { msToTime, timeToMs } from '../../protocol/time.ts';
import type { AppParts } from '../app.ts';
import type { ActivitySpan } from '../browsing.ts';
import { serve } from './serve.ts';

/** How much was changed when. */
export function addActivity(app: FastifyInstance, parts: AppParts): void {
  const { metadata, folder, clock } = parts;

  serve(app, ROUTES.activity, {
    answer: async ({ query }): Promise<Activity> => {
      const span = spanOf(query, clock.now());
      const counted = await metadata.activity(folder, span);
      const known = new Map(counted.map(({ step, ...counts }) => [step, counts]));
      const steps = Math.ceil((span.until - span.since) / span.step);
      return {
        steps: Array.from({ length: steps }, (_, step) => ({
          time: msToTime(span.since + step * span.step),
          ...(known.get(step) ?? NOTHING),
        })),
      };
    },
  });
}

const STEPS = 60;
const NOTHING = { creates: 0, updates: 0, moves: 0, deletes: 0, bytes: 0 };

/** Up to now, with what happens just now, unless said otherwise. */
function spanOf({ since, until, steps = STEPS }: ActivityQuery, now: number): ActivitySpan {
  const from = timeToMs(since);
  const to = until === undefined ? now + 1 : timeToMs(until);
  if (to <= from) throw new Failure('bad_request', '`until` has to be after `since`.');
  return { since: from, until: to, step: Math.ceil((to - from) / steps) };
}
