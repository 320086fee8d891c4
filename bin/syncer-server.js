#!/usr/bin/env node
import { buildWebAppOnce } from './build-web-once.js';
import { entryOf, runUnderGoodNode } from './guard.js';

const args = process.argv.slice(2);
// A word is another command than to serve.
const isServing =
  !/^[a-z]/.test(args[0] ?? '') && !args.some((one) => /^(?:-h|--help|-V|--version)$/.test(one));

if (isServing) buildWebAppOnce();
await runUnderGoodNode(entryOf('server'), args);
