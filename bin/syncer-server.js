#!/usr/bin/env node
import { entryOf, runUnderGoodNode } from './guard.js';

await runUnderGoodNode(entryOf('server'), process.argv.slice(2));
