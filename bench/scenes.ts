import { join } from 'node:path';
import type { Sizes } from './arena.ts';
import type { Contender, Place, Session } from './contenders/contender.ts';
import { openSyncer } from './contenders/syncer.ts';
import { CROWD_LINES, openCrowd } from './crowd/crowd-lines.ts';
import { FarAway } from './far/far-away.ts';
import { edits, firstSync } from './lines/files.ts';
import { idle } from './lines/idle.ts';
import type { Line } from './lines/line.ts';
import { MAIN_LINES } from './lines/main-lines.ts';
import { makeFiles } from './make-files.ts';

/** Lines that are measured in one session, on the same data. */
export interface Scene {
  readonly name: string;
  readonly lines: readonly Line[];
  /** What takes long and varies little is not done in every round. */
  readonly mostRounds: number;
  /** Makes what A has at the beginning. */
  fill(top: string, sizes: Sizes): void;
  open(contender: Contender, place: Place): Promise<Session>;
}

/** Milliseconds that each byte needs between a client and the server. */
const ONE_WAY = 50;

const LIVE = ['Syncer', 'Syncthing'] as const;
const OURS = ['Syncer'] as const;

const open: Scene['open'] = (contender, place) => contender.open(place);

export const SCENES: readonly Scene[] = [
  {
    name: 'main',
    lines: MAIN_LINES,
    mostRounds: Number.POSITIVE_INFINITY,
    fill: (top, { files }) => {
      const half = Math.floor(files / 2);
      makeFiles(join(top, 'half-0'), { files: half, seed: 1 });
      makeFiles(join(top, 'half-1'), { files: files - half, seed: 2 });
    },
    open,
  },
  {
    name: 'far',
    lines: [
      {
        key: 'far-first',
        contenders: OURS,
        after: [],
        run: (arena) => firstSync(arena, 'far-first'),
      },
      { key: 'far', contenders: OURS, after: ['far-first'], run: (arena) => edits(arena, 'far') },
    ],
    mostRounds: 1,
    fill: (top) => void makeFiles(top, { files: 100, seed: 3 }),
    open: (_, place) => openSyncer(place, new FarAway(ONE_WAY)),
  },
  {
    name: 'idle',
    lines: [
      {
        key: 'idle-first',
        contenders: LIVE,
        after: [],
        run: (arena) => firstSync(arena, 'idle-first'),
      },
      { key: 'idle', contenders: LIVE, after: ['idle-first'], run: idle },
    ],
    mostRounds: 1,
    fill: (top, { idleFiles }) => void makeFiles(top, { files: idleFiles, seed: 4, median: 64 }),
    open,
  },
  {
    name: 'crowd',
    lines: CROWD_LINES,
    mostRounds: 1,
    fill: () => {},
    open: (_, place) => openCrowd(place),
  },
];
