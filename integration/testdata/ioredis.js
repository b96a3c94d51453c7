// Logs in with ioredis: each login of the JSON in argv[2], an answer a line.
const fs = require("fs");
const Redis = require("ioredis");

async function attempt(job, { username, password }) {
  const client = new Redis({
    host: job.host, port: job.port, tls: { ca: fs.readFileSync(job.ca) },
    username: username || undefined, password: password || undefined,
    lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0,
  });
  let problem;
  client.on("error", (error) => { problem = error; });
  try {
    await client.set("k", "v");
    return (await client.get("k")) !== "v" ? "lost" : problem ? problem.message : "ok";
  } catch (error) {
    return (problem || error).message;
  } finally {
    client.disconnect();
  }
}

(async () => {
  const job = JSON.parse(process.argv[2]);
  for (const login of job.logins) console.log(await attempt(job, login));
})();
