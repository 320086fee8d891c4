/** Told what a command came to. */
export type Done = (exitCode: number) => void;

/** The option that every command has. */
export const CONFIG = ['-c, --config <file>', 'the configuration', 'config.yaml'] as const;
