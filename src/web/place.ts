import { useHashLocation } from 'wouter/use-hash-location';

/** Where one is in the app: a page, what of the folder it shows, and more that is worth a link. */
export interface Place {
  readonly page: string;
  /** From the folder; '' is the folder itself. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** `/files/a/b?open=c`: the page `files`, the path `a/b`. Each name is encoded by itself. */
export function readPlace(location: string): Place {
  const [way = '', query = ''] = location.split(/\?(.*)/s);
  const [page = '', ...names] = way.split('/').filter((part) => part !== '');
  return { page, path: names.map(decode).join('/'), query: new URLSearchParams(query) };
}

/** What stands behind the `#` of an address. */
export function writePlace(page: string, path = '', query: Record<string, string> = {}): string {
  const names = path === '' ? [] : path.split('/').map(encodeURIComponent);
  const search = new URLSearchParams(query).toString();
  return `/${[page, ...names].join('/')}${search === '' ? '' : `?${search}`}`;
}

export const linkTo = (page: string, path = '', query: Record<string, string> = {}): string =>
  `#${writePlace(page, path, query)}`;

export function usePlace(): Place {
  const [location] = useHashLocation();
  return readPlace(location);
}

export const go = (page: string, path = '', query: Record<string, string> = {}): void => {
  location.hash = writePlace(page, path, query);
};

/** The same, without a step in the browser's history. */
export function goInstead(page: string, path = '', query: Record<string, string> = {}): void {
  history.replaceState(null, '', linkTo(page, path, query));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
