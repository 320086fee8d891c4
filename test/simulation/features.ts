/** What people do to a directory, or what happens to a machine, to the way between them, or to the server. */
export type Deed = PersonDeed | FaultDeed;

export type PersonDeed =
  | 'write'
  | 'edit line'
  | 'save'
  | 'write slowly'
  | 'write alike'
  | 'copy'
  | 'remove'
  | 'move'
  | 'swap'
  | 'make directory'
  | 'file to directory'
  | 'directory to file'
  | 'rename case'
  | 'link'
  | 'write large'
  | 'write ignored'
  | 'ignore';

export type FaultDeed =
  | 'kill client'
  | 'kill client at a step'
  | 'kill client at a record'
  | 'act at a step'
  | 'power loss'
  | 'restart client'
  | 'step fails'
  | 'disk full'
  | 'deaf watcher'
  | 'clock jumps'
  | 'state lost'
  | 'state old'
  | 'unmounted'
  | 'request lost'
  | 'answer lost'
  | 'request doubled'
  | 'answer late'
  | 'answer torn'
  | 'answer of a proxy'
  | 'partition'
  | 'half-open'
  | 'notice lost'
  | 'notice doubled'
  | 'notice late'
  | 'kill server'
  | 'kill server at a step'
  | 'store fails'
  | 'store full'
  | 'server restored'
  | 'sweep'
  | 'mass'
  | 'rot'
  | 'machine copied'
  | 'state of another';

/** A deed, and how often it is among the others. */
export type Share = readonly [deed: Deed, weight: number];

export type Feature = keyof typeof FEATURES | keyof typeof EXTRAS;

interface FeatureFacts {
  /** Of 1, before the seed's own density. */
  readonly likely: number;
  readonly deeds: readonly Share[];
}

const facts = (likely: number, ...deeds: readonly Share[]): FeatureFacts => ({ likely, deeds });

/** What a seed may turn on. */
export const FEATURES = {
  lines: facts(1, ['edit line', 6]),
  saves: facts(1, ['save', 3]),
  slow: facts(1, ['write slowly', 2]),
  alike: facts(1, ['write alike', 3]),
  copies: facts(1, ['copy', 2]),
  moves: facts(1.2, ['move', 5]),
  swaps: facts(1, ['swap', 2]),
  directories: facts(1, ['make directory', 2], ['file to directory', 1], ['directory to file', 1]),
  twins: facts(0.7, ['rename case', 2]),
  'odd names': facts(0.7),
  'long names': facts(0.4),
  links: facts(0.7, ['link', 2]),
  large: facts(0.25, ['write large', 1]),
  ignored: facts(0.7, ['write ignored', 2]),
  'ignore lists': facts(0.4, ['ignore', 1]),
  'other systems': facts(0.5),
  'slow disks': facts(0.6),
  'slow network': facts(0.7),
  'slow server': facts(0.6),
  echoes: facts(0.6),
  kills: facts(1, ['kill client', 1], ['kill client at a step', 3], ['restart client', 1]),
  'state kills': facts(0.8, ['kill client at a record', 2]),
  'people between steps': facts(1, ['act at a step', 6]),
  'power losses': facts(0.8, ['power loss', 2]),
  'failing steps': facts(1, ['step fails', 5]),
  'full disks': facts(0.5, ['disk full', 2]),
  'deaf watchers': facts(0.7, ['deaf watcher', 2]),
  'jumping clocks': facts(0.5, ['clock jumps', 2]),
  'lost states': facts(0.4, ['state lost', 1]),
  'old states': facts(0.4, ['state old', 1]),
  unmounting: facts(0.4, ['unmounted', 1]),
  losses: facts(1, ['request lost', 3], ['answer lost', 4]),
  'odd answers': facts(0.8, ['request doubled', 2], ['answer torn', 2], ['answer of a proxy', 1]),
  delays: facts(0.8, ['answer late', 3], ['notice late', 2]),
  partitions: facts(0.7, ['partition', 2], ['half-open', 1]),
  'odd notices': facts(0.8, ['notice lost', 2], ['notice doubled', 2]),
  'server kills': facts(0.8, ['kill server', 1], ['kill server at a step', 3]),
  'failing stores': facts(0.7, ['store fails', 3], ['store full', 1]),
  restores: facts(0.3, ['server restored', 1]),
  sweeps: facts(0.8, ['sweep', 4]),
} as const satisfies Readonly<Record<string, FeatureFacts>>;

/** What a seed turns on besides, of 1, and a few deeds more: by dice of their own, so that all else stays what it is without. */
export const EXTRAS = {
  clones: facts(0.06, ['machine copied', 2], ['state of another', 1]),
  masses: facts(0.06, ['mass', 1]),
  rotting: facts(0.06, ['rot', 1]),
} as const satisfies Readonly<Record<string, FeatureFacts>>;

const PERSON_DEEDS: ReadonlySet<Deed> = new Set<PersonDeed>([
  'write',
  'edit line',
  'save',
  'write slowly',
  'write alike',
  'copy',
  'remove',
  'move',
  'swap',
  'make directory',
  'file to directory',
  'directory to file',
  'rename case',
  'link',
  'write large',
  'write ignored',
  'ignore',
]);

export const isPersonDeed = (deed: Deed): deed is PersonDeed => PERSON_DEEDS.has(deed);
