const dgram = require("node:dgram");
const fs = require("node:fs");

const [seconds, host, port] = process.argv.slice(1);
const client = dgram.createSocket(host.includes(":") ? "udp6" : "udp4");
const timer = setTimeout(() => { throw new Error("no answer"); }, seconds * 1000);
client.on("message", (answer, source) => {
  if (source.address !== host || source.port !== Number(port)) {
    throw new Error(`from ${source.address} port ${source.port}`);
  }
  clearTimeout(timer);
  client.close();
  process.stdout.write(answer);
});
client.send(fs.readFileSync(0), Number(port), host);
