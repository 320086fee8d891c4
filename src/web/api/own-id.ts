const ID = 'syncer.client';

/** By which this browser is known to the server, also tomorrow. */
export function ownId(): string {
  const known = localStorage.getItem(ID);
  if (known !== null) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  const id = `browser-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  localStorage.setItem(ID, id);
  return id;
}

/** Whether a client is a browser, which looks in and keeps no directory. */
export const isBrowser = (clientId: string): boolean => clientId.startsWith('browser-');
