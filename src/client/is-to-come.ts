/** Whether a wait is not over: one that is longer than any that was ever begun ended when the clock went back (C12). Milliseconds. */
export const isToCome = (until: number, now: number, longest: number): boolean =>
  until > now && until - now <= longest;
