import Type, { type Static } from 'typebox';
import { MAX_EXAMPLES, MAX_HOLDS, MAX_PATH } from './limits.ts';
import { Bytes, ClientId, Count, HoldId, Time } from './scalar.ts';

/** A person's word on a hold: it may be done, or it is to be undone. */
export const Verb = Type.Enum(['approve', 'undo']);
export type Verb = Static<typeof Verb>;

/** A mass of losses that a client asks a person about (rule S15). */
export const Hold = Type.Object({
  id: HoldId,
  direction: Type.Enum(['incoming', 'outgoing'], {
    description:
      'Whose contents would be lost: `outgoing` the server’s, by what was done there; `incoming` those there.',
  }),
  deed: Type.Enum(['delete', 'overwrite']),
  files: Count,
  bytes: Type.With(Bytes, { description: 'Of the contents that would be lost.' }),
  examples: Type.Array(Type.String({ maxLength: MAX_PATH }), {
    maxItems: MAX_EXAMPLES,
    description: 'Paths of some of them.',
  }),
});
export type Hold = Static<typeof Hold>;

/** `held` up: all that the client holds now. It takes the place of what it said before. */
export const HeldUp = Type.Object({ holds: Type.Array(Hold, { maxItems: MAX_HOLDS }) });
export type HeldUp = Static<typeof HeldUp>;

/** `held` down, for browsers: what is held anywhere has changed, so ask `GET /v1/held`. */
export const HeldNotice = Type.Object({});

/** `word` down: what a person says of holds of exactly these ids; of any other it says nothing. */
export const Words = Type.Object({
  words: Type.Array(Type.Object({ id: HoldId, verb: Verb }), { maxItems: MAX_HOLDS }),
});
export type Words = Static<typeof Words>;

/** A hold, and whose it is. */
export const ClientHold = Type.Object({
  ...Hold.properties,
  client_id: ClientId,
  client_name: Type.String(),
  is_online: Type.Boolean(),
  since: Type.With(Time, {
    description: 'When the client first told of something held of this direction and deed.',
  }),
  word: Type.Union([Verb, Type.Null()], {
    description: 'Given, and not taken by the client yet: it takes it when it is connected.',
  }),
});
export type ClientHold = Static<typeof ClientHold>;

export const Held = Type.Object({ held: Type.Array(ClientHold) });
export type Held = Static<typeof Held>;

/** The word on one hold of one client. */
export const WordRequest = Type.Object(
  {
    client_id: Type.With(ClientId, { description: 'Who gives the word.' }),
    held_by: Type.With(ClientId, { description: 'The client that holds it.' }),
    id: HoldId,
    verb: Verb,
  },
  { additionalProperties: false },
);
export type WordRequest = Static<typeof WordRequest>;
