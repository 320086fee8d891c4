/**
 * A process, which may end at any moment: whoever waits for something it asked for then waits for
 * ever, as a killed program does. Nothing of it runs to its end, no error reaches it.
 */
export class Life {
  isOver = false;
  readonly #mourners: (() => void)[] = [];

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const mourner of this.#mourners) mourner();
  }

  /** Told when it ends. */
  onEnd(mourner: () => void): void {
    this.#mourners.push(mourner);
  }

  /** What the step answers, if anybody is left to hear it. */
  async bounded<T>(step: () => Promise<T>): Promise<T> {
    if (this.isOver) return await never();
    try {
      const value = await step();
      return this.isOver ? await never() : value;
    } catch (error) {
      if (this.isOver) return await never();
      throw error;
    }
  }

  async *boundedEach<T>(steps: AsyncIterable<T>): AsyncGenerator<T> {
    const iterator = steps[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await this.bounded(() => iterator.next());
      if (done) return;
      yield value;
    }
  }
}

export const never = (): Promise<never> => new Promise(() => {});

/** Thrown in the middle of a step that ends the process: nobody ever catches it but the process's end. */
export class Killed extends Error {}
