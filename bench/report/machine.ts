import { cpus, release, totalmem, type } from 'node:os';

/** The machine in words that say nothing of whose it is. */
export function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const system = `${type()} ${release().split('-')[0]}`;
  return `${cpus().length} cores (${first?.model.trim()}), ${memory} GiB of memory, ${system}, Node ${process.versions.node}`;
}
