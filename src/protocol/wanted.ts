import Type, { type Static } from 'typebox';
import { MAX_WANTED_CONTENTS } from './limits.ts';
import { Bytes, Sha256 } from './scalar.ts';

const Before = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

export const WantedQuery = Type.Object(
  { before: Type.Optional(Before) },
  { additionalProperties: false },
);
export type WantedQuery = Static<typeof WantedQuery>;

/** A chunk that the server had and cannot read back, and contents that it is a part of. */
export const WantedChunk = Type.Object({
  hash: Sha256,
  size: Bytes,
  contents: Type.Array(Sha256, { minItems: 1, maxItems: MAX_WANTED_CONTENTS }),
});
export type WantedChunk = Static<typeof WantedChunk>;

/** `next`: for the next page, as `before`; null on the last one. */
export const Wanted = Type.Object({
  wanted: Type.Array(WantedChunk),
  next: Type.Union([Before, Type.Null()]),
});
export type Wanted = Static<typeof Wanted>;
