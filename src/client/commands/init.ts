import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkClientConfig, type Fault } from '../../protocol/check-config.ts';
import { FIRST_CLIENT_CONFIG } from '../../protocol/client-config.ts';
import { faultLine, locate } from '../config.ts';
import { Refused } from '../refused.ts';
import { exists, writeConfig } from '../write-config.ts';

export interface InitOptions {
  readonly name?: string;
  readonly syncDir?: string;
  readonly serverHost: string;
  readonly serverPort: string;
  readonly config: string;
  readonly force: boolean;
}

/** Writes a configuration; asks for what is needed and was not said, where there is somebody to ask. */
export async function init(options: InitOptions): Promise<number> {
  const { config: path, force } = options;
  const file = resolve(path);
  if (existsSync(file) && !force) throw exists(file);
  const { name, syncDir } = await complete(options);
  const { config, faults } = checkClientConfig({
    client_name: name,
    sync_directory: syncDir,
    server_host: options.serverHost,
    server_port: portOf(options.serverPort),
  });
  if (config === undefined) throw wrong(faults);
  writeConfig(file, config, { overwrite: force });

  const { directory, server } = locate(file, config);
  process.stdout.write(
    `Wrote ${file}: ${name} synchronizes ${directory} with ${server}.\n` +
      `If the server wants an API key, put it there as api_key.\n` +
      `Next: syncer-client start${path === 'config.yaml' ? '' : ` --config ${path}`}\n`,
  );
  return 0;
}

/** What is no number is left as it is, and refused with the rest. */
const portOf = (text: string): unknown => (/^\d+$/.test(text) ? Number(text) : text);

const OPTIONS: Readonly<Record<string, string>> = {
  client_name: '--name',
  sync_directory: '--sync-dir',
  server_host: '--server-host',
  server_port: '--server-port',
};

function wrong(faults: readonly Fault[]): Refused {
  const lines = faults.map((fault) =>
    faultLine({ ...fault, key: OPTIONS[fault.key] ?? fault.key }),
  );
  return new Refused(['These options cannot be used:', ...lines].join('\n'), { exitCode: 2 });
}

interface Answers {
  readonly name: string;
  readonly syncDir: string;
}

async function complete({ name, syncDir }: InitOptions): Promise<Answers> {
  if (name !== undefined && syncDir !== undefined) return { name, syncDir };
  if (process.stdin.isTTY && process.stdout.isTTY) return await ask({ name, syncDir });
  const missing = [name === undefined && '--name', syncDir === undefined && '--sync-dir'];
  const options = missing.filter(Boolean).join(' and ');
  const example = 'syncer-client init --name Anna --sync-dir ./sync';
  throw new Refused(`There is no terminal to ask at: say ${options}, as in: ${example}`, {
    exitCode: 2,
  });
}

async function ask({
  name,
  syncDir,
}: Partial<Record<keyof Answers, string | undefined>>): Promise<Answers> {
  const { isCancel, text } = await import('@clack/prompts');
  const answer = async (
    key: 'client_name' | 'sync_directory',
    message: string,
  ): Promise<string> => {
    const { [key]: suggestion } = FIRST_CLIENT_CONFIG;
    const given = await text({
      message,
      placeholder: suggestion,
      defaultValue: suggestion,
      validate: (value) => faultOf(key, value || suggestion),
    });
    if (isCancel(given)) throw new Refused('Nothing was written.');
    return given;
  };
  return {
    name: name ?? (await answer('client_name', 'What shall others call this client?')),
    syncDir: syncDir ?? (await answer('sync_directory', 'Which directory is to be synchronized?')),
  };
}

function faultOf(key: 'client_name' | 'sync_directory', value: string): string | undefined {
  const { faults = [] } = checkClientConfig({ ...FIRST_CLIENT_CONFIG, [key]: value });
  return faults[0] && `It ${faults[0].reason}.`;
}
