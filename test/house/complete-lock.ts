// `node bin/run.js test/house/complete-lock.ts`, after a change of dependencies where the house test
// says that the lock is incomplete: adds the binaries for other systems that npm left out.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Lock, type Missing, missingFromLock } from './lock.ts';
import { ROOT } from './source.ts';

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
];

const LIBC: Record<string, string> = {
  gnu: 'glibc',
  gnueabihf: 'glibc',
  musl: 'musl',
  musleabihf: 'musl',
};

/** Such packages are named for the one system and processor that they are for. */
function entryFor({ name, version, neededBy }: Missing, lock: Lock): object {
  const words = name.split(/[/-]/);
  const os = words.filter((word) => SYSTEMS.includes(word));
  const cpu = words.filter((word) => PROCESSORS.includes(word));
  if (os.length !== 1 || cpu.length !== 1 || !/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error(
      `Cannot tell what ${name}@${version} is for; add it to package-lock.json by hand.`,
    );
  }
  const libc = words.flatMap((word) => LIBC[word] ?? []);
  const dev = lock.packages[neededBy]?.dev;
  return { version, cpu, dev, license: 'MIT', optional: true, os, ...(libc[0] && { libc }) };
}

const path = join(ROOT, 'package-lock.json');
const lock: Lock = JSON.parse(readFileSync(path, 'utf8'));
const missing = missingFromLock(lock);
const added = missing.map((each) => [`node_modules/${each.name}`, entryFor(each, lock)] as const);
const packages = Object.fromEntries(
  [...Object.entries(lock.packages), ...added].sort(([a], [b]) => (a < b ? -1 : 1)),
);
if (added.length > 0) writeFileSync(path, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
console.log(`${added.length} added to package-lock.json`);
