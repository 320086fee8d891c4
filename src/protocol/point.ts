import Type, { type Static } from 'typebox';
import { Chain, Cursor, Epoch } from './scalar.ts';

/** A point of a server's history, and the name of all that led there. */
export const Point = Type.Object(
  { epoch: Epoch, cursor: Cursor, chain: Chain },
  {
    additionalProperties: false,
    description: 'The furthest point of the history that the client has seen anything of.',
  },
);
export type Point = Static<typeof Point>;
