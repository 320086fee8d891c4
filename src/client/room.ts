import type { Session } from './session.ts';

/** So much is worth to be sent before the rest is read: a few commits. */
const MUCH = { nodes: 2000, bytes: 32 * 1024 * 1024 };

/** How much is worth to be sent before the rest is read. */
export const muchOf = ({ settings: { much = MUCH } }: Session): typeof MUCH => much;

/** So many times as many nodes are held in memory at once, where more is new or changed, and a few MiB are enough for them. */
const TIMES = 4;

/** How many nodes a look or a round takes on at once, where there are more. */
export const roomOf = (session: Session): number => TIMES * muchOf(session).nodes;
