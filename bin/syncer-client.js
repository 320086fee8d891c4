#!/usr/bin/env node
import { entryOf, runUnderGoodNode } from './guard.js';

await runUnderGoodNode(entryOf('client'), process.argv.slice(2));
