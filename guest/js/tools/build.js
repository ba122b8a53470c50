// esbuild makes one module of a program and the SDK; an engine's tool makes a component of it.

import { cp, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { builtinModules, createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { engines } from './engines.js';

/** What is wrong with the program, or with how it was asked for. */
export class BuildError extends Error {}

const sdk = fileURLToPath(new URL('..', import.meta.url));
/** The npm packages of the SDK itself, wherever they are installed. */
const packaged = (name) => createRequire(import.meta.url).resolve(`${name}/`);

/** Modules of Node, and what stands for them here. */
const BUILTINS = {
  buffer: packaged('buffer'),
  dgram: 'src/dgram.js',
  dns: 'src/dns.js',
  'dns/promises': 'builtins/dns-promises.js',
  events: 'builtins/events.cjs',
  net: 'builtins/net.js',
  process: 'builtins/process.cjs',
  timers: 'src/timers.js',
  'timers/promises': 'builtins/timers-promises.js',
  util: 'builtins/util.js',
};

/** Builds `app`, a file, to `output`; answers the component's size in bytes. */
export async function build({ app, output, engine = 'starlingmonkey', service = false }) {
  const componentize = engines[engine];
  if (!componentize) throw new BuildError(`no engine is called ${engine}: there are ${Object.keys(engines).join(' and ')}`);
  const file = resolve(app);
  if (!(await stat(file).catch(() => null))?.isFile()) throw new BuildError(`${app} is not a file that can be read`);
  const source = await bundle(file, service ? 'service' : 'command');
  const folder = await mkdtemp(join(tmpdir(), 'datagrant-js-'));
  try {
    await contract(join(folder, 'wit'));
    const component = await componentize(source, folder, service ? 'service' : 'command');
    await writeFile(output, component);
    return { bytes: component.length };
  } catch (error) {
    throw error instanceof BuildError ? error : new BuildError(`${engine} cannot make a component of ${app}: ${error.message ?? error}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The worlds of the SDK, with the contract beside them: in the repository it is its own folder, in a package a copy. */
async function contract(folder) {
  await cp(join(sdk, 'wit'), folder, { recursive: true });
  const isThere = async (path) => (await stat(path).catch(() => null)) !== null;
  // Tests are not packed. While a package is made there are both.
  const wit = (await isThere(join(sdk, 'tests'))) ? join(sdk, '../../wit') : join(sdk, 'contract');
  const isWit = (path) => !path.endsWith('.md');
  await cp(wit, join(folder, 'deps/dgram'), { recursive: true, filter: (path) => isWit(path) && path !== join(wit, 'deps') });
  await cp(join(wit, 'deps'), join(folder, 'deps'), { recursive: true });
}

/** One module that exports what the world asks for, and imports nothing but the contract and WASI. */
async function bundle(app, kind) {
  const entry = `
    import { ${kind} } from ${JSON.stringify(join(sdk, 'src/run.js'))};
    export const ${kind === 'service' ? 'handler' : 'run'} = ${kind}(() => import(${JSON.stringify(app)}));`;
  try {
    const result = await esbuild.build({
      stdin: { contents: entry, resolveDir: dirname(app), sourcefile: 'datagrant' },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      conditions: ['module', 'node', 'import', 'require'],
      external: ['datagrant:*', 'wasi:*'],
      define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' },
      plugins: [nodeModules],
      logLevel: 'silent',
    });
    // The loop runs the jobs of promises, which an engine's own async functions would hide from it (src/promise.js). In a
    // second pass: only now are modules with an await at their top level functions.
    const supported = { 'async-await': false, 'async-generator': false, 'for-await': false, using: false };
    return (await esbuild.transform(result.outputFiles[0].text, { format: 'esm', supported })).code;
  } catch (error) {
    if (!error.errors) throw error;
    const messages = await esbuild.formatMessages(error.errors, { kind: 'error' });
    throw new BuildError(`cannot bundle ${app}:\n\n${messages.join('').trimEnd()}`);
  }
}

/** Resolves what Node has built in, with or without `node:`, and the SDK by its name. */
const nodeModules = {
  name: 'datagrant',
  setup(build) {
    build.onResolve({ filter: /^(node:)?[a-z][a-z_/0-9]*$|^datagrant\/dgram$/ }, ({ path, importer }) => {
      const name = path.replace(/^node:|^datagrant\//, '');
      if (BUILTINS[name]) return { path: resolve(sdk, BUILTINS[name]) };
      if (!builtinModules.includes(name)) return undefined;
      const text = `${path} is a part of Node that a component has not (${importer} imports it); there are ${Object.keys(BUILTINS).join(', ')}`;
      return { errors: [{ text }] };
    });
    build.onResolve({ filter: /^(buffer|events)\/$/ }, ({ path }) => ({ path: packaged(path.slice(0, -1)) }));
  },
};
