// Holds connections with ioredis until standard input ends, as the JSON in argv[2] says.
// Prints how many logins it made, when all connections are open.
const fs = require("fs");
const Redis = require("ioredis");

(async () => {
  const job = JSON.parse(process.argv[2]);
  const held = [];
  for (let i = 0; i < job.connections; i++) {
    const client = new Redis({
      host: job.host, port: job.port, tls: { ca: fs.readFileSync(job.ca) },
      password: job.token, connectionName: job.name, retryStrategy: null,
    });
    client.on("error", (error) => { console.error(error.message); });
    await client.ping();
    held.push(client);
  }
  console.log(held.length);
  process.stdin.on("end", () => { for (const client of held) client.disconnect(); });
  process.stdin.resume();
})();
