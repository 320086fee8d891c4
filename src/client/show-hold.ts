import type { Deed, Direction } from '../core/danger.ts';
import { pathOf } from '../core/tree.ts';
import { MAX_EXAMPLES } from '../protocol/limits.ts';
import type { Hold, Sort } from './breaker.ts';
import { countText } from './quantity.ts';
import type { Session } from './session.ts';

/** A hold as a person is shown it, and as `--json` prints it. */
export interface ShownHold extends Sort {
  /** For `approve` and `undo`; another one as soon as anything else is held. */
  readonly id: string;
  readonly files: number;
  /** Of the contents that would be lost. */
  readonly bytes: number;
  /** Some of them, from the directory, with `/`. */
  readonly examples: readonly string[];
}

export function showHold({ state }: Session, hold: Hold): ShownHold {
  const { id, direction, deed, losses, bytes } = hold;
  const tree = direction === 'incoming' ? state.local : state.remote;
  const examples = losses
    .slice(0, MAX_EXAMPLES)
    .map(({ node }) => (pathOf(tree, node) ?? [node]).join('/'));
  return { id, direction, deed, files: losses.length, bytes, examples: examples.sort() };
}

/** What is asked: `1,204 files were deleted here; that is not done on the server yet.` */
export const holdText = ({ direction, deed, files }: ShownHold): string => {
  const [what, yet] = ASKED[direction][deed];
  return `${countText(files, 'file')} ${files === 1 ? what.one : what.many}; ${yet}`;
};

/** What the two words would do: `approve` and `undo`. */
export const choices = ({ direction, deed }: Sort): Readonly<Record<'approve' | 'undo', string>> =>
  CHOICES[direction][deed];

interface Counted {
  readonly one: string;
  readonly many: string;
}

const were = (rest: string): Counted => ({ one: `was ${rest}`, many: `were ${rest}` });

const ASKED: Record<Direction, Record<Deed, readonly [Counted, string]>> = {
  outgoing: {
    delete: [were('deleted here'), 'the server has them still.'],
    overwrite: [were('given other contents here'), 'the server has the old ones still.'],
  },
  incoming: {
    delete: [were('deleted on the server'), 'here they are still.'],
    overwrite: [were('given other contents on the server'), 'here the old ones are still.'],
  },
};

const CHOICES: Record<Direction, Record<Deed, Readonly<Record<'approve' | 'undo', string>>>> = {
  outgoing: {
    delete: { approve: 'delete them on the server too', undo: 'bring them back here' },
    overwrite: {
      approve: 'send the new contents',
      undo: 'bring the old contents back here; the new ones go to .syncer/trash',
    },
  },
  incoming: {
    delete: { approve: 'delete them here too', undo: 'put them back on the server' },
    overwrite: {
      approve: 'take the new contents; the old ones go to .syncer/trash',
      undo: 'put the old contents back on the server',
    },
  },
};
