#!/usr/bin/env node
import { entryOf, runUnderGoodNode } from './guard.js';

const args = process.argv.slice(2);
/** What runs for weeks: else the C library keeps several heaps, and in each what was freed (docs/decisions/0025). */
const SMALL_HEAPS = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072' };

await runUnderGoodNode(entryOf('client'), args, args.includes('start') ? SMALL_HEAPS : {});
