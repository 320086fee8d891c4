import { bytesOf } from '../../src/client/disk/memory/inode.ts';
import type { CopiedAs } from '../../src/client/disk/memory/memory-volume.ts';
import { Client, type Original } from './client.ts';
import { type Copied, sharedIds, untold } from './clones.ts';
import { Dice, mix } from './dice.ts';
import { type FaultParts, fault, startWithOwn } from './faults.ts';
import { type FaultDeed, type Feature, isPersonDeed, type PersonDeed } from './features.ts';
import { Ledger } from './ledger.ts';
import { Link } from './link.ts';
import { differences, isWhole, losses, unreadable } from './oracle.ts';
import { Person } from './person.ts';
import type { Item, Machine, Plan } from './plan.ts';
import { notGivenBack, notTold } from './rot.ts';
import { Scheduler } from './scheduler.ts';
import { Server } from './server.ts';
import { inodeAt, visibleTree, whatIs } from './tree-view.ts';
import { unseen } from './unseen.ts';
import { answerSometime, lowLimits, type WordParts } from './word.ts';

/** What a run came to. */
export interface Outcome {
  /** None: all is well. */
  readonly faults: readonly string[];
  /** The same for the same run, and for no other. */
  readonly fingerprint: string;
  /** Steps on all disks. */
  readonly steps: number;
  readonly events: number;
  /** What went wrong, or was done, and how often. */
  readonly met: ReadonlyMap<string, number>;
  readonly story: readonly string[];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** How long it may take until all is equal, once all is quiet. Virtual time costs nothing. */
const PATIENCE = 4 * 60 * MINUTE;
/** Steps on all disks: more means that something goes round and round. */
const MOST_STEPS = 60_000;
/** With those that were copied. */
const MOST_MACHINES = 4;

/** Lets it all happen; then quiet; then asks whether all is equal, and nothing lost. */
export async function simulate(plan: Plan, { isTold = false } = {}): Promise<Outcome> {
  return await new World(plan, isTold).run();
}

class World {
  readonly #plan: Plan;
  readonly #scheduler: Scheduler;
  readonly #server: Server;
  readonly #clients: Client[] = [];
  readonly #people: ((dice: Dice) => Person)[] = [];
  readonly #copies: Copied[] = [];
  readonly #features: ReadonlySet<Feature>;
  readonly #ledger = new Ledger();
  readonly #met = new Map<string, number>();
  readonly #faults: string[] = [];
  #isQuiet = false;

  constructor(plan: Plan, isTold: boolean) {
    this.#plan = plan;
    const { seed } = plan;
    const features = new Set<Feature>(plan.features);
    this.#features = features;
    const scheduler = new Scheduler({ isTold });
    this.#scheduler = scheduler;
    const onFault = (text: string): void => void this.#faults.push(text);
    this.#server = new Server({
      scheduler,
      now: () => Date.UTC(2026, 0, 1) + scheduler.passed,
      dice: new Dice(mix(seed, 5)),
      isSlow: features.has('slow server'),
      isScrubbed: plan.items.some(({ deed }) => deed === 'rot'),
      onFault,
    });
    for (const machine of plan.machines) this.#addMachine(machine);
  }

  #addMachine(machine: Machine, original?: Original): Client {
    const [scheduler, server, features] = [this.#scheduler, this.#server, this.#features];
    const at = this.#clients.length;
    const name = original === undefined ? machine.name : `${machine.name}-${at}`;
    const isSlow = features.has('slow network');
    const parts = { seed: mix(this.#plan.seed, 6, at), isSlow, scheduler, server, name };
    const link = new Link(parts, (what) => this.#meet(what));
    const onFault = (text: string): void => void this.#faults.push(text);
    const limits = features.has('masses') ? lowLimits(this.#plan.seed) : undefined;
    const client = new Client({ ...parts, machine, features, limits, link, onFault }, original);
    client.asked = () => answerSometime(this.#wordParts, client);
    client.changed = (step, args) => this.#look(client, step, args);
    this.#clients.push(client);
    const isQuiet = (): boolean => this.#isQuiet;
    this.#people.push((dice) => {
      return new Person({ client, ledger: this.#ledger, features, scheduler, isQuiet }, dice);
    });
    return client;
  }

  get #wordParts(): WordParts {
    const [clients, ledger, scheduler] = [this.#clients, this.#ledger, this.#scheduler];
    const dice = new Dice(mix(this.#plan.seed, 10, this.#steps));
    return { clients, ledger, scheduler, dice, met: (what) => this.#meet(what) };
  }

  #copyMachine(original: Client, as: CopiedAs): Client | undefined {
    if (this.#clients.length >= MOST_MACHINES) return undefined;
    const { machine } = original.parts;
    const copy = this.#addMachine(machine, { client: original, as });
    this.#scheduler.note(`${copy.name} is a copy of ${original.name}`);
    copy.hasSharedId = original.hasSharedId;
    this.#copies.push({ original, copy, instance: original.state.instance });
    return copy;
  }

  async run(): Promise<Outcome> {
    await this.#server.start();
    for (const client of this.#clients) client.start();
    for (const item of this.#plan.items) this.#scheduler.in(item.at, () => this.#do(item));
    await this.#scheduler.runUntil(this.#plan.length);
    await this.#becomeQuiet();
    await this.#scheduler.runUntil(this.#scheduler.passed + 3 * MINUTE);
    this.#faults.push(...this.#clients.flatMap(unseen));
    await this.#settle();
    if (this.#faults.length === 0) await this.#judge();
    for (const client of this.#clients) client.kill();
    this.#server.kill();
    const { fingerprint, events, story = [] } = this.#scheduler;
    const met = this.#met;
    return { faults: this.#faults, fingerprint, steps: this.#steps, events, met, story };
  }

  get #steps(): number {
    return this.#clients.reduce((sum, { counts }) => sum + counts.steps, 0);
  }

  #meet(what: string): void {
    this.#met.set(what, (this.#met.get(what) ?? 0) + 1);
  }

  #do({ deed, on, dice: seed }: Item): void {
    const client = this.#clients[on];
    if (client === undefined) return;
    const dice = new Dice(seed);
    if (isPersonDeed(deed)) this.#act(on, deed, dice);
    else this.#fail(client, deed, dice);
  }

  #act(on: number, deed: PersonDeed, dice: Dice): void {
    if (this.#people[on]?.(dice).act(deed) === true) this.#meet(deed);
  }

  #fail(client: Client, deed: FaultDeed, dice: Dice): void {
    fault(deed, this.#partsOf(client, dice));
  }

  #partsOf(client: Client, dice: Dice): FaultParts {
    const on = this.#clients.indexOf(client);
    return {
      client,
      clients: this.#clients,
      server: this.#server,
      scheduler: this.#scheduler,
      dice,
      act: (what, more) => this.#act(on, what, more),
      met: (what) => this.#meet(what),
      isQuiet: () => this.#isQuiet,
      at: (other) => this.#partsOf(other, dice),
      copyMachine: (as) => this.#copyMachine(client, as),
      onFault: (text) => void this.#faults.push(text),
    };
  }

  /** After each step on a disk: no part of a content is ever in anybody's sight. */
  #look({ name, volume }: Client, step: string, args: readonly unknown[]): void {
    const path = args.findLast((arg): arg is string[] => Array.isArray(arg));
    const inode = path && inodeAt(volume, path.join('/'));
    if (inode?.kind !== 'file') return;
    if (isWhole(whatIs(inode), bytesOf(inode).toString(), this.#ledger)) return;
    this.#faults.push(`${name} shows a part at ${path?.join('/')} after ${step}`);
  }

  /** Nothing goes wrong any more, and nobody does anything. */
  async #becomeQuiet(): Promise<void> {
    this.#isQuiet = true;
    this.#scheduler.note('quiet');
    const dice = new Dice(mix(this.#plan.seed, 7));
    const { objects } = this.#server.stored;
    objects.capacity = Number.POSITIVE_INFINITY;
    await this.#server.start();
    for (const client of this.#clients) {
      client.mount();
      client.capacity = Number.POSITIVE_INFINITY;
      client.isDeaf = false;
      client.link.isUp = true;
      client.link.fates.splice(0);
      if (dice.chance(0.4)) client.kill();
      startWithOwn(this.#partsOf(client, dice));
      client.start();
      // Else what was not seen is found when everything is looked at, after half an hour.
      if (dice.chance(0.8) && client.hasMissed) client.loseEvents();
    }
  }

  async #settle(): Promise<void> {
    const begin = this.#scheduler.passed;
    const isRotting = this.#server.rotted.size > 0;
    const patience = isRotting ? 2 * PATIENCE : PATIENCE;
    let isPutBack = false;
    let left: string[] = [];
    for (let wait = 10 * SECOND; this.#scheduler.passed < begin + patience; wait *= 1.5) {
      await this.#scheduler.runUntil(this.#scheduler.passed + wait);
      await this.#server.start();
      for (const client of this.#clients) client.start();
      if (this.#steps > MOST_STEPS) return void this.#faults.push('the work has no end');
      if (this.#faults.length > 0) return;
      left = this.#unsettled();
      if (isRotting) left.push(...(await unreadable(this.#server)).map(({ why }) => why));
      if (left.length === 0) return;
      if (!isRotting || isPutBack || this.#scheduler.passed < begin + PATIENCE) continue;
      isPutBack = true;
      await this.#putBack();
    }
    this.#faults.push(...left.map((text) => `not settled: ${text}`));
  }

  /** What the server cannot give, no client has, and whoever lacks it says so. Then a person brings the packs. */
  async #putBack(): Promise<void> {
    const [clients, server] = [this.#clients, this.#server];
    this.#faults.push(
      ...(await notGivenBack(clients, server)),
      ...(await notTold(clients, server)),
    );
    this.#meet('packs put back');
    await server.putBack();
  }

  #unsettled(): string[] {
    const busy = this.#clients.filter(({ isResting }) => !isResting);
    const said = busy.map(({ name, process }) => {
      const { condition, session } = process?.synchronizer ?? {};
      return `${name} ${JSON.stringify(condition)} ${JSON.stringify(session?.problems.all())}`;
    });
    return [...said, ...sharedIds(this.#clients), ...differences(this.#clients, this.#server)];
  }

  async #judge(): Promise<void> {
    // What the server refuses because of a twin that cannot be held here is offered again every minute.
    const isRefused = ({ process }: Client): boolean => process?.state.changed().length !== 0;
    const work = () =>
      this.#clients.flatMap((client) =>
        isRefused(client) ? [] : [client.counts.changes, client.link.work],
      );
    // Who rests may be in the middle of a round that a notice began: its request may have lost its answer.
    const isAsking = (): boolean => this.#clients.some(({ link }) => link.underWay > 0);
    for (let minutes = 0; minutes < 10 && isAsking(); minutes += 1)
      await this.#scheduler.runUntil(this.#scheduler.passed + MINUTE);
    // What was not seen is seen now, though nothing differs by it (a time); what failed is tried again.
    await this.#lookAround();
    const before = work();
    await this.#lookAround();
    const after = work();
    if (String(before) !== String(after))
      this.#faults.push(`a second round did something: ${before} became ${after}`);
    this.#faults.push(
      ...differences(this.#clients, this.#server),
      ...losses(this.#clients, this.#server, this.#ledger),
      ...(await unreadable(this.#server)).map(({ why }) => why),
      ...untold(this.#copies),
      ...this.#clients.flatMap((client) => this.#parts(client)),
    );
    for (const client of this.#clients)
      this.#scheduler.note(JSON.stringify([...visibleTree(client.volume)]));
  }

  /** Everybody looks at everything, and whoever waits to try something again has done it. */
  async #lookAround(): Promise<void> {
    for (const client of this.#clients) client.loseEvents();
    await this.#scheduler.runUntil(this.#scheduler.passed + MINUTE);
  }

  #parts({ name, volume }: Client): string[] {
    return [...visibleTree(volume).keys()].flatMap((path) => {
      const inode = inodeAt(volume, path);
      if (inode?.kind !== 'file') return [];
      const isGood = isWhole(whatIs(inode), bytesOf(inode).toString(), this.#ledger);
      return isGood ? [] : [`${name} shows a part at ${path}`];
    });
  }
}
