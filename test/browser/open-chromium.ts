import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packed from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';
import packageJson from '../../package.json' with { type: 'json' };

/** Of those that the package recommends: the others turn off what keeps pages apart, which is to be tried too. */
const ARGUMENTS = ['--no-sandbox', '--font-render-hinting=none', '--disable-webgl'];

/** A real browser; `SYNCER_CHROMIUM` says which, else it is the one that npm brought. */
export async function openChromium(): Promise<Browser> {
  const executablePath = process.env.SYNCER_CHROMIUM ?? (await unpacked());
  return await chromium.launch({ executablePath, args: ARGUMENTS });
}

/** One copy for all that run here, now and later. It is there whole or not at all, whoever else unpacks it. */
async function unpacked(): Promise<string> {
  const version = packageJson.devDependencies['@sparticuz/chromium'].replace(/[^\d.]/g, '');
  const home = join(tmpdir(), `syncer-chromium-${version}-${process.getuid?.() ?? ''}`);
  const program = join(home, 'chromium');
  if (existsSync(program)) return program;
  const aside = await mkdtemp(join(tmpdir(), 'syncer-unpacking-'));
  try {
    await unpackInto(aside);
    await rename(aside, home);
  } catch (error) {
    if (!existsSync(program)) throw error;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return program;
}

/** The package unpacks into the temporary directory, whichever that is. */
async function unpackInto(directory: string): Promise<void> {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = directory;
  try {
    await packed.executablePath();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}
