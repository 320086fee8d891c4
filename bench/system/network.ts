import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

/** The two machines that have something to synchronize; the server lies between them. */
export type Host = 'a' | 'b';

/** Bytes that a host's network card has sent and received, headers and all. */
export interface Traffic {
  readonly sent: number;
  readonly received: number;
}

export interface Network {
  /** How its bytes are counted, in words; undefined: they are not. */
  readonly counts: string | undefined;
  /** Where a host is reached from everywhere. */
  address(host: Host): string;
  /** Where the server is reached from a host. */
  serverAddress(host: Host): string;
  /** What has to stand before a command so that it runs on that host. */
  runOn(host: Host | undefined): readonly string[];
  traffic(host: Host): Traffic;
  close(): void;
}

const SUBNET: Readonly<Record<Host, string>> = { a: '10.77.1', b: '10.77.2' };

/** Set for the process that lives in a namespace of its own. */
const INSIDE = 'SYNCER_BENCH_NAMESPACE';

/**
 * Starts this process again in a network namespace of its own, where it may make more of them; goes
 * on as it is where the system does not let it.
 */
export function enterNamespace(): void {
  if (process.env[INSIDE] !== undefined || process.platform !== 'linux') return;
  const options = process.getuid?.() === 0 ? ['--net'] : ['--map-root-user', '--net'];
  try {
    execFileSync('unshare', [...options, 'ip', 'link', 'add', 'type', 'veth'], { stdio: 'ignore' });
  } catch {
    return;
  }
  const path = execFileSync('sh', ['-c', 'command -v unshare'], { encoding: 'utf8' }).trim();
  const again = ['unshare', ...options, process.execPath, ...process.argv.slice(1)];
  process.execve?.(path, again, { ...process.env, [INSIDE]: '1' });
}

/** Two hosts with a card each, and this process as the router between them; else all on loopback. */
export function openNetwork(): Network {
  if (process.env[INSIDE] === undefined) return loopback();
  ip('link', 'set', 'lo', 'up');
  const hosts = { a: new Namespace('a'), b: new Namespace('b') };
  execFileSync('sh', ['-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward']);
  return {
    counts: 'by the cards of two network namespaces, headers and all',
    address: (host) => `${SUBNET[host]}.2`,
    serverAddress: (host) => `${SUBNET[host]}.1`,
    runOn: (host) => (host === undefined ? [] : hosts[host].prefix),
    traffic: (host) => hosts[host].traffic(),
    close: () => {
      hosts.a.close();
      hosts.b.close();
    },
  };
}

const loopback = (): Network => ({
  counts: undefined,
  address: () => '127.0.0.1',
  serverAddress: () => '127.0.0.1',
  runOn: () => [],
  traffic: () => ({ sent: Number.NaN, received: Number.NaN }),
  close: () => {},
});

/** Lives as long as a process in it; that one ends when its input does, which is at our end at the latest. */
class Namespace {
  readonly prefix: readonly string[];
  readonly #card: string;
  readonly #holder: ChildProcess;

  constructor(host: Host) {
    this.#card = `to-${host}`;
    const [near, far] = [`${SUBNET[host]}.1`, `${SUBNET[host]}.2`];
    this.#holder = spawn('unshare', ['--net', 'cat'], { stdio: ['pipe', 'ignore', 'inherit'] });
    const { pid } = this.#holder;
    if (pid === undefined) throw new Error('unshare does not start.');
    this.prefix = ['nsenter', `--net=/proc/${pid}/ns/net`, '--'];
    awaitOwnNetwork(pid);
    ip('link', 'add', this.#card, 'type', 'veth', 'peer', 'name', 'card', 'netns', String(pid));
    ip('address', 'add', `${near}/24`, 'dev', this.#card);
    ip('link', 'set', this.#card, 'up');
    this.#ip('link', 'set', 'lo', 'up');
    this.#ip('address', 'add', `${far}/24`, 'dev', 'card');
    this.#ip('link', 'set', 'card', 'up');
    this.#ip('route', 'add', 'default', 'via', near);
  }

  /** What this end of the cable receives, the host has sent. */
  traffic(): Traffic {
    const line = readFileSync('/proc/net/dev', 'utf8')
      .split('\n')
      .find((each) => each.trim().startsWith(`${this.#card}:`));
    const numbers = line?.split(':')[1]?.trim().split(/\s+/).map(Number) ?? [];
    return { sent: numbers[0] ?? Number.NaN, received: numbers[8] ?? Number.NaN };
  }

  close(): void {
    this.#holder.stdin?.end();
  }

  #ip(...args: readonly string[]): void {
    const [command = '', ...first] = this.prefix;
    execFileSync(command, [...first, 'ip', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}

/** The holder is in our own namespace until `unshare` has done its work. */
function awaitOwnNetwork(pid: number): void {
  const ours = networkOf('self');
  const end = Date.now() + 5_000;
  while (networkOf(pid) === ours) {
    if (Date.now() > end) throw new Error('unshare makes no network namespace.');
    execFileSync('sleep', ['0.01']);
  }
}

const networkOf = (pid: number | 'self'): string => readlinkSync(`/proc/${pid}/ns/net`);

const ip = (...args: readonly string[]): void => {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
};
