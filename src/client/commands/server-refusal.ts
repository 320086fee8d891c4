import type { Located } from '../config.ts';
import { ApiFailure } from '../ports.ts';
import { Refused } from '../refused.ts';

/** Asks the server; what it cannot or will not do becomes Refused, which names it and the way out. */
export async function askServer<T>(located: Located, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiFailure) throw serverRefusal(error, located);
    throw error;
  }
}

function serverRefusal(failure: ApiFailure, located: Located): Refused {
  const { server } = located;
  const said = failure.message.replace(/\.$/, '');
  const wayOut = WAYS_OUT[failure.code]?.(located) ?? '';
  return new Refused(`The server at ${server}: ${said}. ${wayOut}`.trimEnd(), { cause: failure });
}

const WAYS_OUT: Readonly<Record<string, (located: Located) => string>> = {
  unreachable: ({ file, server }) =>
    `Is it running (curl http://${server}/health), and are server_host and server_port right in ${file}?`,
  bad_answer: ({ file }) => `Is what server_host and server_port in ${file} name a Syncer server?`,
  unauthorized: wayToKey,
  forbidden: wayToKey,
  not_registered: () => 'It does not know this client. Start it once (syncer-client start).',
  conflict: () =>
    'Somebody else changed it just now, or its name is taken. Look again, and try again.',
  wrong_epoch: () => 'The next start of the client (syncer-client start) begins anew with it.',
};

function wayToKey({ config, file }: Located): string {
  const key =
    config.api_key === null ? 'There is no api_key' : 'The server does not take the api_key';
  return `${key} in ${file}: ask whoever runs the server for one, and put it there.`;
}
