/** Of this page, without what stands behind it: the app may lie below a path of a proxy. */
const base = (): string => new URL('.', document.baseURI).href;

/** A path of the server as an address; each name of `{…}` encoded. */
export function addressOf(
  path: string,
  { params = {}, query = {} }: { params?: object; query?: object } = {},
): string {
  const values = new Map<string, unknown>(Object.entries(params));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, key: string) =>
    encodePath(`${values.get(key)}`),
  );
  const address = new URL(filled.slice(1), base());
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) address.searchParams.set(key, `${value}`);
  }
  return address.href;
}

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** Any content that the server has, also of an old version. The browser brings the session's cookie. */
export const contentAddress = (checksum: string, name: string): string =>
  addressOf('/v1/contents/{checksum}', { params: { checksum }, query: { name } });

export const downloadAddress = (path: string): string =>
  addressOf('/download/{path}', { params: { path } });

/** Of a directory as a zip; '' is the folder itself. */
export const archiveAddress = (path: string): string =>
  addressOf('/v1/archive', { query: path === '' ? {} : { path } });

export const socketAddress = (clientId: string): string =>
  addressOf('/ws/{client_id}', { params: { client_id: clientId } }).replace(/^http/, 'ws');
