interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** What matters of package-lock.json. */
export interface Lock {
  readonly packages: Readonly<Record<string, Locked>>;
}

export interface Missing {
  readonly name: string;
  readonly version: string;
  readonly neededBy: string;
}

/**
 * Optional packages (binaries for other systems) that the lock names but does not hold. npm leaves one
 * out when its registry did not have it that day, and npm 11 then refuses `npm ci` everywhere.
 */
export const missingFromLock = ({ packages }: Lock): Missing[] =>
  Object.entries(packages).flatMap(([neededBy, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isHeld(packages, neededBy, name))
      .map(([name, version]) => ({ name, version, neededBy })),
  );

/** Beside its user or in any `node_modules` further up, as Node looks for it. */
function isHeld(packages: Lock['packages'], user: string, name: string): boolean {
  let at = user;
  while (at !== '') {
    if (packages[`${at}/node_modules/${name}`] !== undefined) return true;
    at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')));
  }
  return packages[`node_modules/${name}`] !== undefined;
}
