const KEY = 'syncer.key';

/** Where the API key is kept: until the tab is closed, or, if that was wanted, until somebody signs out. */
const stores = (): readonly Storage[] => [sessionStorage, localStorage];

export const currentKey = (): string | undefined =>
  stores()
    .map((store) => store.getItem(KEY))
    .find((key) => key !== null) ?? undefined;

export function keepKey(key: string, staysSignedIn: boolean): void {
  forgetKey();
  (staysSignedIn ? localStorage : sessionStorage).setItem(KEY, key);
}

export function forgetKey(): void {
  for (const store of stores()) store.removeItem(KEY);
}
