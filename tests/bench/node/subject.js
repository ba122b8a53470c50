// The contestant `node`: obeys the same orders as the runner's own (src/order.rs, src/subject/mod.rs).
'use strict';
const readline = require('node:readline');
const { obey } = require('./work.js');

let cpu, wall;

const tell = {
  at(address, begin) {
    console.log(`at ${address}`);
    [cpu, wall] = [process.cpuUsage(), process.hrtime.bigint()];
    begin();
  },
  done(count) {
    const used = process.cpuUsage(cpu);
    console.log(`done ${(used.user + used.system) * 1000} ${process.hrtime.bigint() - wall} ${count}`);
  },
  failed(error) {
    console.log(`failed ${error.message.replaceAll('\n', ' ')}`);
  },
};

const input = readline.createInterface({ input: process.stdin });
input.on('line', (line) => obey(line.split(' '), tell)).on('close', () => process.exit(0));
