import type { MetadataStore } from '../src/server/ports.ts';

/** The store, with something before each call. */
export const watchedMetadata = (
  metadata: MetadataStore,
  before: () => Promise<void>,
): MetadataStore =>
  new Proxy(metadata, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...given: unknown[]) => {
        await before();
        return await method.apply(target, given);
      };
    },
  });
