#!/usr/bin/env node
// datagrant-js: makes a component of a program for Node.

import { parseArgs } from 'node:util';
import { BuildError, build } from '../tools/build.js';

const USAGE = `\
Usage: datagrant-js build APP -o OUTPUT.wasm [--engine ENGINE] [--service]

Makes a component of APP, a JavaScript or TypeScript file, with all that it imports: npm packages too. node:dgram is the
contract datagrant:dgram; run the component with \`datagrant run\`, and a service with \`datagrant serve\`.

  -o, --output FILE   where the component goes
  --engine ENGINE     starlingmonkey (13 MB, more of the web's API) or quickjs (3 MB, builds and starts
                      faster) [default: starlingmonkey]
  --service           the host has the loop, and calls the program when there is something to do
  -h, --help          this text`;

function read() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      output: { type: 'string', short: 'o' },
      engine: { type: 'string', default: 'starlingmonkey' },
      service: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return null;
  const [command, app, ...more] = positionals;
  if (command !== 'build') throw new Error(command ? `no command is called ${command}` : 'the command is missing: build');
  if (!app) throw new Error('the program is missing');
  if (more.length > 0) throw new Error(`one program at a time: ${more[0]} is too much`);
  if (!values.output) throw new Error('where the component goes is missing: -o FILE.wasm');
  return { ...values, app };
}

let options;
try {
  options = read();
} catch (error) {
  console.error(`datagrant-js: ${error.message}\n\n${USAGE}`);
  process.exit(2);
}
if (options === null) {
  console.log(USAGE);
} else {
  try {
    const { bytes } = await build(options);
    console.log(`${options.output}: ${(bytes / 1e6).toFixed(1)} MB, ${options.engine}`);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(`datagrant-js: ${error.message}`);
    process.exit(1);
  }
}
