// The contestants `starlingmonkey` and `quickjs`: the same as Node's, for one order, which are the arguments. What it has used
// the host tells (src/subject/program.rs), which goes on with it when it has heard where the socket is.

import { obey } from './work.js';

obey(process.argv.slice(2), {
  at(address, begin) {
    console.log(`at ${address}`);
    // To hear it, the host needs a wait of ours: receivers have one at once.
    if (process.argv[2] === 'send') setTimeout(begin, 1);
    else begin();
  },
  done(count) {
    console.log(`done ${count}`);
    process.exit();
  },
  failed(error) {
    console.log(`failed ${error.message.replaceAll('\n', ' ')}`);
    process.exit();
  },
});
