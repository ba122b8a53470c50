// Runs a command in Node: jco makes JavaScript of the component, and its own WASI 0.2 does the rest. In the folder where the npm
// packages are: node run.js COMPONENT.wasm OUTPUT-FOLDER [ARGUMENTS]

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const here = (path) => import(pathToFileURL(resolve('node_modules/@bytecodealliance', path)));

const [component, folder, ...args] = process.argv.slice(2);
const { transpileBytes } = await here('jco-transpile/dist/index.js');
const { files } = await transpileBytes(await readFile(component), { name: 'program' });
for (const [name, bytes] of Object.entries(files)) {
  const file = resolve(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
}
const { _setArgs } = await here('preview2-shim/dist/nodejs/cli.js');
_setArgs(['program', ...args]);
const { run } = await import(pathToFileURL(resolve(folder, 'program.js')));
try {
  run.run();
} catch (error) {
  // What a command that failed answers has nothing in it; anything else is a trap.
  if (error !== undefined) throw error;
  process.exitCode = 1;
}
// What was printed is on its way, by a thread that nothing else ends.
setTimeout(() => process.exit(), 10);
