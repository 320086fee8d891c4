/** Another client works with this state. Nothing was changed. */
export class StateLocked extends Error {
  readonly path: string;
  constructor(path: string, options?: ErrorOptions) {
    super(`Another client is using the state ${path}.`, options);
    this.name = 'StateLocked';
    this.path = path;
  }
}

/**
 * Not a client's state, or no longer a whole one. It has to be set aside; the trees can be observed
 * again.
 */
export class StateDamaged extends Error {
  readonly path: string;
  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`The state ${path} cannot be used: ${reason}.`, options);
    this.name = 'StateDamaged';
    this.path = path;
  }
}

/** Written by a newer version of this program, which is the one to use. Nothing was changed. */
export class StateTooNew extends Error {
  readonly path: string;
  constructor(path: string, version: number) {
    super(`The state ${path} has format ${version}, which a newer version of this program wrote.`);
    this.name = 'StateTooNew';
    this.path = path;
  }
}
