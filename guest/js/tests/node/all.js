// The behaviour table of Node's dgram: `node all.js`, and the same as a component. With an argument: one of the programs.

import './create.js';
import './bind.js';
import './connect.js';
import './send.js';
import './lifetime.js';
import './options.js';
import './blocklist.js';
import './multicast.js';
import './names.js';
import './promises.js';
import { run } from './lib.js';
import { programs } from '../programs.js';

if (process.argv[2] === undefined) await run();
else programs[process.argv[2]]();
