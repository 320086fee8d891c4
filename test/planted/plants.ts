import type { Plant } from './plant.ts';
import { CLIENT } from './plants/client.ts';
import { CORE } from './plants/core.ts';
import { DISK } from './plants/disk.ts';
import { GUARDS } from './plants/guards.ts';
import { SERVER } from './plants/server.ts';
import { SWEEP } from './plants/sweep.ts';

export const PLANTS: readonly Plant[] = [
  ...CORE,
  ...CLIENT,
  ...DISK,
  ...SERVER,
  ...GUARDS,
  ...SWEEP,
];
