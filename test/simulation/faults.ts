import { memoryUser } from '../../src/client/disk/memory/memory-user.ts';
import type { CopiedAs } from '../../src/client/disk/memory/memory-volume.ts';
import type { DiskProblem } from '../../src/client/ports.ts';
import type { MemoryStateFile } from '../../src/client/state/memory.ts';
import { ROOT } from '../../src/core/entry.ts';
import { INTERNAL_DIRECTORY } from '../../src/core/name.ts';
import { ObjectFailure } from '../../src/server/ports.ts';
import type { Client } from './client.ts';
import type { Dice } from './dice.ts';
import type { FaultDeed, PersonDeed } from './features.ts';
import { Killed } from './life.ts';
import { rotSomething } from './rot.ts';
import type { Scheduler } from './scheduler.ts';
import type { Server } from './server.ts';

export interface FaultParts {
  readonly client: Client;
  /** All of them. */
  readonly clients: readonly Client[];
  readonly server: Server;
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  /** Somebody at this machine does something now. */
  readonly act: (deed: PersonDeed, dice: Dice) => void;
  readonly met: (what: string) => void;
  /** Whether everything is quiet by now. */
  readonly isQuiet: () => boolean;
  /** The same at another machine. */
  readonly at: (client: Client) => FaultParts;
  /** Another machine that is a copy of this one, and does not run yet; undefined where there are enough. */
  readonly copyMachine: (as: CopiedAs) => Client | undefined;
  /** It did what it must never do. */
  readonly onFault: (fault: string) => void;
}

const PROBLEMS: readonly DiskProblem[] = ['denied', 'full', 'busy', 'unreadable', 'changed'];
const ACTS: readonly PersonDeed[] = ['write', 'write', 'save', 'remove', 'move', 'edit line'];

/** Lets it happen. What lasts ends by itself. */
export function fault(deed: FaultDeed, parts: FaultParts): void {
  FAULTS[deed](parts);
}

type Happen = (parts: FaultParts) => void;

/** Milliseconds that something lasts. */
const while_ = ({ dice }: FaultParts): number => dice.pick([500, 5_000, 30_000, 200_000]);

const FAULTS: Readonly<Record<FaultDeed, Happen>> = {
  'kill client': (parts) => killClient(parts),
  'kill client at a step': (parts) => {
    atStep(parts, () => {
      killClient(parts);
      throw new Killed();
    });
  },
  'kill client at a record': (parts) => {
    const { client, dice, met } = parts;
    const before = client.meanwhile;
    let left = 1 + dice.under(12);
    const when = dice.pick(['record', 'recorded'] as const);
    client.meanwhile = (call) => {
      before(call);
      if (call !== when || parts.isQuiet()) return;
      left -= 1;
      if (left > 0) return;
      client.meanwhile = before;
      met('kill client at a record');
      killClient(parts);
      throw new Killed();
    };
  },
  'act at a step': (parts) => {
    const happen = (): undefined => {
      // Between what one step does only the system could tell who came first; see RACE in `disk/node/put.ts`.
      if (parts.client.isBetweenSteps) {
        parts.met('act at a step');
        parts.act(parts.dice.pick(ACTS), parts.dice);
      } else atStep(parts, happen);
      return undefined;
    };
    atStep(parts, happen);
  },
  'power loss': (parts) => losePower(parts),
  'restart client': ({ client, scheduler, met, dice }) => {
    const { process } = client;
    if (process === undefined) return;
    met('restart client');
    process.synchronizer.stop();
    void process.ended.then(() => {
      if (client.process !== process) return;
      client.kill();
      scheduler.in(dice.under(2_000), () => client.start());
    });
  },
  'step fails': (parts) => {
    const problem = parts.dice.pick(PROBLEMS);
    atStep(parts, () => {
      parts.met(`step fails: ${problem}`);
      return problem;
    });
  },
  'disk full': (parts) => {
    const { client, scheduler, met } = parts;
    met('disk full');
    client.capacity = 0;
    scheduler.in(while_(parts), () => {
      client.capacity = Number.POSITIVE_INFINITY;
    });
  },
  'deaf watcher': (parts) => {
    const { client, scheduler, met, dice } = parts;
    met('deaf watcher');
    client.isDeaf = true;
    const isTold = dice.chance(0.5);
    scheduler.in(while_(parts), () => {
      client.isDeaf = false;
      if (isTold) client.loseEvents();
    });
  },
  'clock jumps': ({ client, dice, met }) => {
    met('clock jumps');
    const far = dice.pick([50, 3_000, 3_600_000, 400 * 24 * 3_600_000]);
    client.ahead += dice.chance(0.5) ? far : -far;
    client.isClockSet = true;
  },
  'state lost': (parts) => {
    const { client, met } = parts;
    // A blank state would take whatever is mounted for its own, and halt when the real one is back.
    if (client.isAway) return;
    met('state lost');
    client.older.splice(0);
    client.kill();
    client.state = client.blankState();
    startSoon(parts);
  },
  'state old': (parts) => {
    const { client, dice, met, scheduler } = parts;
    const kept = client.state.copy(client.stateOptions());
    const { instance } = client.state;
    scheduler.in(dice.pick([1_000, 10_000, 60_000]), () => {
      // One that is not this directory's is refused, and halts until a person acts.
      if (parts.isQuiet() || client.state.instance !== instance) return;
      met('state old');
      client.older.splice(0);
      client.kill();
      client.state = kept;
      startSoon(parts);
    });
  },
  unmounted: (parts) => {
    const { client, scheduler, met, dice } = parts;
    if (client.isAway) return;
    met('unmounted');
    client.isAway = true;
    const back = dice.chance(0.5) ? client.volume.unmount() : takeAway(client);
    client.mount = () => {
      back();
      client.isAway = false;
      client.mount = () => undefined;
      // A state that knew nothing was bound to the empty place: that it halts now is right, until a person acts.
      if (client.foreign === undefined && isBoundElsewhere(client)) startAfresh(parts);
      client.loseEvents();
    };
    scheduler.in(while_(parts), () => client.mount());
  },
  'request lost': (parts) => nextRequest(parts, 'request lost'),
  'answer lost': (parts) => nextRequest(parts, 'answer lost'),
  'request doubled': (parts) => nextRequest(parts, 'request doubled'),
  'answer late': (parts) => nextRequest(parts, 'answer late'),
  'answer torn': (parts) => nextRequest(parts, 'answer torn'),
  'answer of a proxy': (parts) => nextRequest(parts, 'answer of a proxy'),
  partition: (parts) => {
    const { client, scheduler, met } = parts;
    met('partition');
    client.link.isUp = false;
    client.process?.live.cut();
    scheduler.in(while_(parts), () => {
      client.link.isUp = true;
    });
  },
  'half-open': ({ client, met }) => {
    if (client.process?.live.cut() === true) met('half-open');
  },
  'notice lost': ({ client }) => void client.process?.live.fates.push('notice lost'),
  'notice doubled': ({ client }) => void client.process?.live.fates.push('notice doubled'),
  'notice late': ({ client }) => void client.process?.live.fates.push('notice late'),
  'kill server': (parts) => killServer(parts),
  'kill server at a step': (parts) => {
    atServerStep(parts, 'kill server at a step', () => killServer(parts));
  },
  'store fails': (parts) => {
    const { server, dice, met } = parts;
    met('store fails');
    const code = dice.pick(['full', 'unavailable'] as const);
    if (dice.chance(0.5)) server.stored.objects.failPut(1 + dice.under(4), code);
    else
      atServerStep(parts, 'database fails', () => {
        throw new ObjectFailure('unavailable', 'the database was told to fail');
      });
  },
  'store full': (parts) => {
    const { server, scheduler, met } = parts;
    met('store full');
    server.stored.objects.capacity = 0;
    const { objects } = server.stored;
    scheduler.in(while_(parts), () => {
      objects.capacity = Number.POSITIVE_INFINITY;
    });
  },
  sweep: ({ server, dice, met }) => {
    // What is unneeded goes when it was so a day before.
    if (dice.chance(0.5)) server.ahead += 25 * 3_600_000;
    void server.process?.sweep(({ chunks, thinned }) => {
      met(`sweep of ${chunks > 0 ? 'something' : 'nothing'}`);
      if (thinned > 0) met('versions thinned');
    });
  },
  mass: ({ act, dice, met }) => {
    met('mass');
    const deed = dice.pick(['remove', 'remove', 'edit line', 'save'] as const);
    for (let left = 3 + dice.under(8); left > 0; left -= 1) act(deed, dice);
  },
  rot: ({ server, dice, met }) => {
    const how = rotSomething(server, dice);
    if (how !== undefined) met(`rot: ${how}`);
  },
  'machine copied': (parts) => copyMachine(parts),
  'state of another': (parts) => putStateOfAnother(parts),
  'server restored': (parts) => {
    const { server, dice, scheduler, met } = parts;
    void server.backUp();
    scheduler.in(dice.pick([2_000, 10_000, 60_000]), () => {
      if (parts.isQuiet()) return;
      // By hand the history keeps its name; that it is an older one is then told by its chain.
      const isByHand = dice.chance(0.5);
      met(isByHand ? 'server restored by hand' : 'server restored');
      server.kill();
      void server.restore(isByHand).then(() => server.start());
    });
  },
};

function nextRequest(
  { client }: FaultParts,
  fate: Parameters<typeof client.link.fates.push>[0],
): void {
  client.link.fates.push(fate);
}

/** As a machine that runs is copied, or one that is off; people are at work at both from then on. */
function copyMachine(parts: FaultParts): void {
  const { client, dice, met, scheduler } = parts;
  if (client.isAway || client.foreign !== undefined) return;
  const isOff = dice.chance(0.5);
  const copy = parts.copyMachine(dice.pick(['image', 'files'] as const));
  if (copy === undefined) return;
  met('machine copied');
  if (isOff) {
    client.kill();
    scheduler.in(dice.pick([0, 3_000, 60_000]), () => client.start());
  }
  const there = parts.at(copy);
  startSoon(there);
  const unlessQuiet = (happen: () => void): void => {
    scheduler.in(dice.under(20_000), () => {
      if (!parts.isQuiet()) happen();
    });
  };
  for (let left = dice.under(6); left > 0; left -= 1)
    unlessQuiet(() => there.act(dice.pick(ACTS), dice));
  if (dice.chance(0.3)) unlessQuiet(() => killClient(there));
}

/** By a person who copies files about. It is of another directory: nothing is done until a person says what. */
function putStateOfAnother(parts: FaultParts): void {
  const { client, dice, met, scheduler } = parts;
  const from = dice.pick(parts.clients.filter((one) => one !== client));
  const kept = from.state.copy(client.stateOptions());
  scheduler.in(dice.pick([0, 5_000, 30_000]), () => {
    const isOwn = kept.instance === client.state.instance;
    if (parts.isQuiet() || client.isAway || client.foreign !== undefined || isOwn) return;
    client.kill();
    client.older.splice(0);
    const isBlank = isUnused(kept);
    if (isBlank) for (const one of parts.clients) one.hasSharedId = true;
    met(isBlank ? 'unused state of another' : 'state of another');
    client.state = kept;
    client.start();
    if (isBlank) return;
    client.foreign = kept.instance;
    const before = workOf(client);
    scheduler.in(dice.pick([4_000, 20_000, 100_000]), () => startWithOwn(parts, before));
  });
}

/** A state that knows nothing yet is bound to any directory. */
function isUnused(file: MemoryStateFile): boolean {
  const { synced, local } = file.copy({ newId: () => '' }).open();
  return [...synced.children(ROOT), ...local.children(ROOT)].length === 0;
}

function isBoundElsewhere({ state, volume }: Client): boolean {
  const marker = memoryUser(volume).read(`${INTERNAL_DIRECTORY}/marker.json`);
  return marker !== state.instance;
}

const workOf = ({ counts, link }: Client): string => `${counts.changes} ${link.work}`;

/** Once a person has read what it says. */
export function startWithOwn(parts: FaultParts, before?: string): void {
  const { client, onFault } = parts;
  const { foreign } = client;
  client.foreign = undefined;
  if (foreign === undefined || client.state.instance !== foreign) return;
  if (before !== undefined && workOf(client) !== before)
    onFault(`${client.name} works with the state of another: ${before} became ${workOf(client)}`);
  parts.met(`state of another: ${client.process?.synchronizer.condition.type}`);
  startAfresh(parts);
}

function takeAway({ volume }: Client): () => void {
  const { root } = volume;
  volume.root = undefined;
  return () => {
    volume.root = root;
  };
}

/** At one of the next steps on the disk, or between what it does to it. */
function atStep(parts: FaultParts, happen: () => DiskProblem | undefined): void {
  const { client, dice } = parts;
  const before = client.fault;
  let left = 1 + dice.under(dice.pick([5, 30, 100]));
  const fault: typeof before = (step, path) => {
    const earlier = before(step, path);
    if (earlier !== undefined || left <= 0 || step === 'discard') return earlier;
    left -= 1;
    return left > 0 || parts.isQuiet() ? undefined : happen();
  };
  client.fault = fault;
}

function atServerStep(parts: FaultParts, what: string, happen: () => void): void {
  const { server, dice } = parts;
  const before = server.meanwhile;
  let left = 1 + dice.under(8);
  server.meanwhile = (step) => {
    before(step);
    if (left <= 0 || parts.isQuiet()) return;
    left -= 1;
    if (left > 0) return;
    parts.met(what);
    happen();
  };
}

function killClient(parts: FaultParts): void {
  const { client, met } = parts;
  if (client.process === undefined) return;
  met('kill client');
  client.kill();
  startSoon(parts);
}

/** As a person does who is told to. */
function startAfresh({ client, met }: FaultParts): void {
  met('started afresh');
  client.kill();
  client.older.splice(0);
  client.state = client.blankState();
  client.start();
}

function startSoon({ client, scheduler, dice }: FaultParts): void {
  scheduler.in(dice.pick([0, 100, 3_000]), () => client.start());
}

/** Of what was not made durable, only the first changes survive, and of the state not all that was recorded. */
function losePower(parts: FaultParts): void {
  const { client, dice, met } = parts;
  met('power loss');
  client.kill();
  const { unsynced } = client.volume;
  client.volume.crash(dice.under(unsynced + 1));
  const lost = dice.under(client.older.length + 1);
  const older = client.older[client.older.length - lost];
  if (older !== undefined) client.state = older;
  client.older.splice(0);
  startSoon(parts);
}

function killServer({ server, scheduler, dice, met }: FaultParts): void {
  if (server.process === undefined) return;
  met('kill server');
  server.kill();
  scheduler.in(dice.pick([10, 1_000, 20_000]), () => void server.start());
}
