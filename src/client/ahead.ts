/**
 * Each with what it needs, in their order: while one is worked on, what the next one needs comes. A load that
 * fails is told when its turn comes, and to nobody before. Whoever leaves early, or throws, waits for what is under
 * way: nothing goes on behind the back of who asked for it.
 */
export async function* ahead<T, L>(
  all: Iterable<T>,
  load: (one: T) => Promise<L>,
): AsyncGenerator<readonly [T, L]> {
  const rest = all[Symbol.iterator]();
  const begin = (): { one: T; coming: Promise<L> } | undefined => {
    const { done, value: one } = rest.next();
    if (done === true) return undefined;
    const coming = load(one);
    coming.catch(() => {});
    return { one, coming };
  };
  let next = begin();
  try {
    while (next !== undefined) {
      const { one, coming } = next;
      const loaded = await coming;
      next = begin();
      yield [one, loaded];
    }
  } finally {
    await next?.coming.catch(() => {});
  }
}
