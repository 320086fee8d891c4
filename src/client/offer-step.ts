import type { Step } from '../core/difference.ts';
import type { Versioned } from '../core/entry.ts';

/** What has to happen to one node on the server: `before` as it is there, `after` as it is to be. */
export type OfferStep = Step<Versioned>;
