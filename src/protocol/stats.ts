import Type, { type Static } from 'typebox';
import { Bytes, Count, Cursor, Epoch } from './scalar.ts';

/** The server in numbers. */
export const Stats = Type.Object({
  epoch: Epoch,
  cursor: Cursor,
  files: Count,
  directories: Count,
  bytes: Bytes,
  chunks: Count,
  stored_bytes: Bytes,
  history: Count,
  quarantined: Type.With(Count, {
    description: 'Chunks that rotted and that nobody brought back.',
  }),
  healed: Type.With(Count, { description: 'Chunks that rotted and that a client brought back.' }),
  clients: Count,
  connections: Count,
  uptime_seconds: Type.Number({ minimum: 0 }),
});
export type Stats = Static<typeof Stats>;
