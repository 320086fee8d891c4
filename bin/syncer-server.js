#!/usr/bin/env node
import { buildWebAppOnce } from './build-web-once.js';
import { entryOf, runUnderGoodNode } from './guard.js';

buildWebAppOnce();
await runUnderGoodNode(entryOf('server'), process.argv.slice(2));
