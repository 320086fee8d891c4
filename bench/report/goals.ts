import type { Sizes } from '../arena.ts';
import type { Summary } from './summary.ts';
import { bytes, count, time } from './units.ts';

/** What is asked of us in one line of the table. */
export interface Goal {
  readonly line: string;
  readonly title: (sizes: Sizes) => string;
  /** In words. */
  readonly must: string;
  /** What we have in that regard, in words, and whether that is enough; undefined when it cannot be told. */
  readonly judge: (ours: Summary, rsync: Summary | undefined) => Verdict;
  /** What stands in the table for one contender where it is not a time. */
  readonly brief?: (summary: Summary) => string;
}

export interface Verdict {
  readonly found: string;
  readonly isMet: boolean | undefined;
}

const MIB = 2 ** 20;
const large = ({ large: size }: Sizes): string =>
  size >= 2 ** 30 ? `${size / 2 ** 30} GiB` : `${size / MIB} MiB`;

export const GOALS: readonly Goal[] = [
  {
    line: 'first',
    title: ({ files }) => `first sync of ${count(files)} files`,
    must: '≤ 0.7 × rsync',
    judge: atMostOf(0.7),
  },
  {
    line: 'edit',
    title: () => 'an edit visible elsewhere',
    must: 'p50 ≤ 25 ms, p99 ≤ 100 ms',
    judge: ({ median, p99 }) => ({
      found: `p50 ${time(median)}, p99 ${time(p99)}`,
      isMet: median <= 25 && p99 <= 100,
    }),
  },
  {
    line: 'many',
    title: ({ many }) => `${count(many)} new files at once`,
    must: '≤ 0.5 × rsync',
    judge: atMostOf(0.5),
  },
  {
    line: 'large',
    title: (sizes) => `a new ${large(sizes)} file`,
    must: '≤ 1.0 × rsync',
    judge: atMostOf(1),
  },
  {
    line: 'middle',
    title: () => '4 KiB changed in its middle',
    must: '≤ 0.5 × rsync, ≤ 0.3 MiB',
    judge: atMostOf(0.5, 0.3 * MIB),
  },
  {
    line: 'front',
    title: () => 'one byte inserted at its front',
    must: '≤ 0.6 × rsync, ≤ 0.3 MiB',
    judge: atMostOf(0.6, 0.3 * MIB),
  },
  {
    line: 'rename',
    title: ({ files }) => `a directory of ${count(Math.floor(files / 2))} files renamed`,
    must: 'one change, ≤ 2 KiB sent, ≤ 0.2 s',
    judge: ({ median, sent, more }) => ({
      found: `${more.changes} change(s), ${bytes(sent)}, ${time(median)}`,
      isMet: more.changes === 1 && median <= 200 && !(sent > 2048),
    }),
  },
  {
    line: 'restart',
    title: ({ files }) => `start and find one offline edit in ${count(files)}`,
    must: '≤ 0.7 s',
    judge: ({ median }) => ({ found: time(median), isMet: median <= 700 }),
  },
  {
    line: 'memory',
    title: ({ files }) => `client memory, ${count(files)} files`,
    must: '≤ 90 MiB',
    judge: (ours) => ({ found: memoryOf(ours), isMet: mostOf(ours, 'A', 'B') <= 90 * MIB }),
    brief: memoryOf,
  },
  {
    line: 'idle',
    title: ({ idleFiles }) => `idle, ${count(idleFiles)} files`,
    must: '≤ 0.1 % of a core',
    judge: (ours) => ({
      found: idleOf(ours),
      isMet: mostOf(ours, 'A', 'B', 'server') <= 0.1,
    }),
    brief: idleOf,
  },
  {
    line: 'far',
    title: () => 'an edit visible across a round trip of 100 ms',
    must: 'p50 ≤ 120 ms',
    judge: ({ median, p99 }) => ({
      found: `p50 ${time(median)}, p99 ${time(p99)}`,
      isMet: median <= 120,
    }),
  },
  {
    line: 'crowd',
    title: ({ clients }) => `${count(clients)} live clients, one change, last one served`,
    must: 'p99 ≤ 200 ms',
    judge: ({ median, p99 }) => ({
      found: `p50 ${time(median)}, p99 ${time(p99)}`,
      isMet: p99 <= 200,
    }),
  },
  {
    line: 'connections',
    title: ({ connections }) => `${count(connections)} live clients on one server`,
    must: '≤ 1 GiB',
    judge: ({ more, peak }) => {
      const most = Math.max(more.server ?? Number.NaN, peak.server ?? Number.NaN);
      return { found: bytes(most), isMet: most <= 1024 * MIB };
    },
  },
];

const mostOf = ({ more }: Summary, ...roles: readonly string[]): number =>
  Math.max(...roles.map((role) => more[role] ?? 0));

/** Function declarations, for the table above is made before what stands below it. */
function memoryOf({ more: { A = 0, B = 0 } }: Summary): string {
  return `A ${bytes(A)}, B ${bytes(B)}`;
}

function idleOf({ more: { A = 0, B = 0, server = 0 } }: Summary): string {
  const own = `A ${A.toFixed(3)} %, B ${B.toFixed(3)} %`;
  return server === 0 ? own : `${own}, server ${server.toFixed(3)} %`;
}

/** At most so much of the time that rsync takes, and at most so many bytes sent by A. */
function atMostOf(part: number, most = Number.POSITIVE_INFINITY): Goal['judge'] {
  return (ours, rsync) => {
    const ratio = rsync === undefined ? Number.NaN : ours.median / rsync.median;
    const isFewBytes = !(ours.sent > most);
    const compared = Number.isNaN(ratio) ? 'no rsync' : `${ratio.toFixed(2)} × rsync`;
    const sent = most === Number.POSITIVE_INFINITY ? '' : `, ${bytes(ours.sent)}`;
    return {
      found: `${time(ours.median)}, ${compared}${sent}`,
      isMet: Number.isNaN(ratio) ? (isFewBytes ? undefined : false) : ratio <= part && isFewBytes,
    };
  };
}
