import type { IncomingMessage } from 'node:http';
import { Failure } from '../../protocol/failure.ts';
import { fits } from '../../protocol/parse.ts';
import { ClientId } from '../../protocol/scalar.ts';

/** Whose WebSocket is to be opened at `/ws/{client_id}`; or the Failure that the request is refused with. */
export function judgeUpgrade({
  url = '',
  headers,
}: Pick<IncomingMessage, 'url' | 'headers'>): { readonly clientId: string } | Failure {
  const clientId = clientIdOf(url);
  if (clientId === undefined) return new Failure('not_found', 'A WebSocket is at /ws/{client_id}.');
  if (!fits(ClientId, clientId)) return new Failure('bad_request', 'This is not a client id.');
  if (headers.origin !== undefined && !isSameHost(headers.origin, headers.host)) {
    return new Failure('forbidden', 'Pages of other hosts may not connect.');
  }
  return { clientId };
}

function clientIdOf(url: string): string | undefined {
  const [, encoded] = /^\/ws\/([^/?]+)(?:\?.*)?$/.exec(url) ?? [];
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** Browsers say whose page it is that connects; any page may try (G10). Other programs say nothing. */
function isSameHost(origin: string, host = ''): boolean {
  try {
    const page = new URL(origin);
    return page.host !== '' && page.host === new URL(`${page.protocol}//${host}`).host;
  } catch {
    return false;
  }
}
