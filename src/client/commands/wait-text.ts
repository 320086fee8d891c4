import type { KnownClient } from '../../protocol/client-info.ts';
import { printable } from '../printable.ts';
import { countText, durationText } from '../quantity.ts';
import type { Waited } from './wait.ts';

const WHO: Readonly<Record<Waited['whom'], string>> = {
  client: 'This client',
  connected: 'Every connected client',
  all: 'Every client',
};

export const doneText = ({ whom, cursor }: Waited): string =>
  `${WHO[whom]} has everything up to change ${(cursor ?? 0).toLocaleString('en')}.\n`;

/** What is still waited for, in one line. */
export function reasonText({ reason, behind, clients }: Waited): string {
  if (reason !== null) return printable(reason);
  const named = clients.slice(0, 3).map(({ name, is_online: isOnline }) => {
    return isOnline ? name : `${name}, which is not connected`;
  });
  const more = behind - named.length;
  return printable([...named, ...(more > 0 ? [`${more} more`] : [])].join('; '));
}

/** `seconds`: how long was waited. */
export function lateText(waited: Waited, seconds: number): string {
  const { reason, cursor, behind, clients } = waited;
  const head = `error: Not everything is applied after ${seconds} s`;
  if (reason !== null) return `${head}: ${printable(reason)}.\n`;
  const more = behind - clients.length;
  const lines = [
    `${head}. Behind change ${(cursor ?? 0).toLocaleString('en')}:`,
    ...clients.map((client) => `  ${printable(`${client.name}: ${lagText(client)}`)}`),
    ...(more > 0 ? [`  and ${more.toLocaleString('en')} more`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** How far a client is behind, and whether it is there. */
function lagText(client: KnownClient): string {
  const { lag_changes: changes = 0, lag_seconds: seconds = 0, held = 0 } = client;
  const parts = [
    ...(changes > 0
      ? [`${countText(changes, 'change')} behind, for ${durationText(seconds * 1000)}`]
      : []),
    ...(held > 0 ? [`${countText(held, 'path')} cannot proceed there`] : []),
    client.is_online ? 'connected' : `not connected since ${client.last_seen}`,
  ];
  return `${parts.join('; ')} (${client.client_id})`;
}
