import { Gauge, type Registry } from 'prom-client';
import { MAX_LAGGING } from '../protocol/limits.ts';
import type { ClientLag } from './measure-lag.ts';

/** Sets the gauges of how far clients are behind. Of each one only where they are few: a label for each would grow with them. */
export function lagGauges(registry: Registry): (lags: readonly ClientLag[]) => void {
  const { each, all } = { each: eachOf(registry), all: allOf(registry) };
  return (lags) => {
    const keeping = lags.filter(({ keepsDirectory }) => keepsDirectory);
    each.changes.reset();
    each.seconds.reset();
    for (const { client, changes, age } of keeping.length <= MAX_LAGGING ? keeping : []) {
      const labels = { client: client.clientId, name: client.name };
      each.changes.set(labels, changes);
      each.seconds.set(labels, age / 1000);
    }
    for (const connected of [true, false]) {
      const some = keeping.filter(({ isOnline }) => isOnline === connected);
      const labels = { connected: `${connected}` };
      all.behind.set(labels, some.filter(({ changes, held }) => changes > 0 || held > 0).length);
      all.changes.set(labels, largest(some.map(({ changes }) => changes)));
      all.seconds.set(labels, largest(some.map(({ age }) => age)) / 1000);
    }
  };
}

const largest = (numbers: readonly number[]): number =>
  numbers.reduce((most, one) => Math.max(most, one), 0);

const eachOf = (registry: Registry) => ({
  changes: gauge(registry, 'client_lag_changes', {
    help: 'Changes that a client has not applied; only where there are at most 100 clients.',
    labelNames: ['client', 'name'],
  }),
  seconds: gauge(registry, 'client_lag_seconds', {
    help: 'The age of the oldest change that a client has not applied; as above.',
    labelNames: ['client', 'name'],
  }),
});

const allOf = (registry: Registry) => ({
  behind: gauge(registry, 'clients_behind', {
    help: 'Clients with a directory that have not applied everything.',
    labelNames: ['connected'],
  }),
  changes: gauge(registry, 'largest_lag_changes', {
    help: 'Changes that the client lacks that lacks most.',
    labelNames: ['connected'],
  }),
  seconds: gauge(registry, 'largest_lag_seconds', {
    help: 'The age of the oldest change that any client lacks.',
    labelNames: ['connected'],
  }),
});

interface Described {
  readonly help: string;
  readonly labelNames: string[];
}

const gauge = (registry: Registry, name: string, described: Described): Gauge =>
  new Gauge({ name: `syncer_${name}`, ...described, registers: [registry] });
