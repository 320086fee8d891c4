import { readFile } from 'node:fs/promises';
import { isRecord } from '../protocol/plain-schema.ts';
import { ConfigRefused } from './config-refused.ts';

/** The keys and values of a YAML file; none when it is empty. Throws ConfigRefused. */
export async function readConfigFile(path: string): Promise<Record<string, unknown>> {
  const values = await parseYaml(path, await readText(path));
  if (values === null) return {};
  if (!isRecord(values)) throw new ConfigRefused([`${path} must hold keys with values.`]);
  return values;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const reason = REASONS[code] ?? `cannot be read (${code})`;
    throw new ConfigRefused([`${path} ${reason}.`], { cause });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EACCES: 'may not be read by this user',
  EISDIR: 'is a directory',
};

async function parseYaml(path: string, text: string): Promise<unknown> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { prettyErrors: true });
  const [fault] = document.errors;
  if (fault !== undefined) {
    const [reason] = fault.message.split('\n');
    throw new ConfigRefused([`${path} is not YAML: ${reason?.replace(/:$/, '')}.`]);
  }
  return document.toJS();
}
