// `node bin/run.js SCRIPT …`: a development script under the right Node, wherever it is run from.
import { resolve } from 'node:path';
import { runUnderGoodNode } from './guard.js';

const [script, ...args] = process.argv.slice(2);
if (script === undefined) {
  console.error('Usage: node bin/run.js SCRIPT [ARGUMENT …]');
  process.exit(2);
}
await runUnderGoodNode(resolve(script), args);
