import { inPlaceHasher } from '../../src/client/hasher/in-place.ts';
import { type Hashing, HashingLost } from '../../src/client/hasher.ts';
import type { Client } from './rig.ts';

/** Of the client's contents, so many first ones are lost while they are hashed. Tells how many were begun, and not ended. */
export function losing(client: Client, times: number): { opened: number; open: number } {
  const asked = { opened: 0, open: 0 };
  const lost = async (): Promise<never> => {
    throw new HashingLost('the test says so');
  };
  const open = (content: { readonly size: number }): Hashing => {
    asked.opened += 1;
    asked.open += 1;
    const hashing = inPlaceHasher.open(content);
    let isOver = false;
    const close = (): void => {
      if (!isOver) asked.open -= 1;
      isOver = true;
    };
    return {
      push: asked.opened <= times ? lost : (bytes) => hashing.push(bytes),
      end: () => hashing.end().finally(close),
      abandon: close,
    };
  };
  Object.defineProperty(client.disk, 'hasher', { value: { open } });
  return asked;
}
