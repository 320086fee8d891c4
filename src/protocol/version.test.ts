import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { ConflictResolution } from './conflict.ts';
import { DOWN } from './down.ts';
import { FAILURES } from './failure.ts';
import { FRAME_HEADER } from './frame.ts';
import { Envelope } from './message.ts';
import { ROUTES } from './routes.ts';
import { SyncMessage } from './sync.ts';
import { UP } from './up.ts';
import { PROTOCOL_VERSION } from './version.ts';

/** Of everything that crosses the wire, for the version beside it. */
const FINGERPRINT = { version: 1, fingerprint: '50f808e20d9c9947' };

const ADVICE =
  'What crosses the wire has changed. If an older client or server would misread it, raise ' +
  'PROTOCOL_VERSION and add a line to its history. Then write the new fingerprint into this test.';

/** What is only said about the wire may change at any time. */
const withoutWords = (key: string, value: unknown) =>
  ['title', 'description', 'summary', 'meaning'].includes(key) ? undefined : value;

it('the protocol changes only on purpose', () => {
  const wire = {
    ROUTES,
    UP,
    DOWN,
    Envelope,
    SyncMessage,
    ConflictResolution,
    FAILURES,
    FRAME_HEADER,
  };
  const fingerprint = createHash('sha256')
    .update(JSON.stringify(wire, withoutWords))
    .digest('hex')
    .slice(0, 16);
  expect({ version: PROTOCOL_VERSION, fingerprint }, ADVICE).toEqual(FINGERPRINT);
});
