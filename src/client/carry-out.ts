import type { NodeId } from '../core/entry.ts';
import { Carrier } from './carry-out/carrier.ts';
import { dropNodes } from './carry-out/drop-nodes.ts';
import { placeNodes } from './carry-out/place-nodes.ts';
import { writeContents } from './carry-out/write-contents.ts';
import type { Decision } from './decide.ts';
import type { Path } from './ports.ts';
import type { Session } from './session.ts';

export interface CarriedOut {
  /** How many steps were taken on the disk. */
  readonly steps: number;
  /** The contents among them. */
  readonly received: { readonly files: number; readonly bytes: number };
  /** Nodes that could not proceed: nothing of them is offered in this round. */
  readonly held: ReadonlySet<NodeId>;
  /** Directories that are not what they were: to be looked at before the next round. */
  readonly dirty: readonly Path[];
}

/**
 * Makes the disk what was decided (rule C1): directories and moves, then contents, then what is to go;
 * recording what really happened as it goes, also when it ends early (C2).
 */
export async function carryOut(session: Session, decision: Decision): Promise<CarriedOut> {
  const carrier = new Carrier(session, decision);
  try {
    await placeNodes(carrier);
    await carrier.record();
    await writeContents(carrier);
    await dropNodes(carrier);
  } finally {
    await carrier.record();
  }
  carrier.agree();
  return {
    steps: carrier.done,
    received: carrier.received,
    held: carrier.held,
    dirty: carrier.dirty,
  };
}
