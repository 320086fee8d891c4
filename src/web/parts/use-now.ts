import { Observable, useObservable } from '../observable.ts';

const MINUTE = 60_000;
const now = new Observable(Date.now());
setInterval(() => now.set(Date.now()), MINUTE);

/** Milliseconds since 1970, to the minute: for what is told as so long ago. */
export const useNow = (): number => useObservable(now);
