// The engines: each makes a component of one module.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { componentize as starlingMonkey } from '@bytecodealliance/componentize-js';
import quickJS from 'componentize-qjs';

/** `(source, folder, world)`: `folder` has the worlds in `wit`, and room for files. */
export const engines = {
  async starlingmonkey(source, folder, worldName) {
    const sourcePath = join(folder, 'program.js');
    await writeFile(sourcePath, source);
    // It takes sources below the working directory alone.
    const before = process.cwd();
    process.chdir(folder);
    try {
      const options = { sourcePath, witPath: join(folder, 'wit'), worldName, disableFeatures: ['http', 'fetch-event'] };
      return (await starlingMonkey(options)).component;
    } finally {
      process.chdir(before);
    }
  },

  async quickjs(source, folder, world) {
    const { component } = await quickJS.componentize({ witPath: join(folder, 'wit'), jsSource: source, world, sync: true });
    return component;
  },
};
