/**
 * Each with what it needs, in their order: while one is worked on, what the next one needs comes, or the next `count`. A load that
 * fails is told when its turn comes, and to nobody before. Whoever leaves early, or throws, waits for what is under
 * way: nothing goes on behind the back of who asked for it.
 */
export async function* ahead<T, L>(
  all: Iterable<T>,
  load: (one: T) => Promise<L>,
  count = 1,
): AsyncGenerator<readonly [T, L]> {
  const rest = all[Symbol.iterator]();
  const coming: { readonly one: T; readonly loaded: Promise<L> }[] = [];
  const begin = (): void => {
    const { done, value: one } = rest.next();
    if (done === true) return;
    const loaded = load(one);
    loaded.catch(() => {});
    coming.push({ one, loaded });
  };
  try {
    for (let begun = 0; begun < count; begun += 1) begin();
    for (let next = coming[0]; next !== undefined; next = coming[0]) {
      const loaded = await next.loaded;
      coming.shift();
      begin();
      yield [next.one, loaded];
    }
  } finally {
    await Promise.allSettled(coming.map((one) => one.loaded));
  }
}
