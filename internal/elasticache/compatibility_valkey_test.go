package elasticache

// valkeyTests says what Valkey's own tests found. The figures are those that integration/valkeysuite printed.
const valkeyTests = `
## Valkey's own tests

Valkey's unit tests can run against any server ("external mode"). On 29 November 2026 those of Valkey 8.0.1 ran once against a node (one
node, no TLS, no token, ` + "`RESTORE`" + ` allowed by its tag), and once against a bare ` + "`valkey-server`" + ` 8.0.1 with its default settings.
To repeat it (` + "`tclsh`" + ` is needed):

    git clone --depth 1 --branch 8.0.1 https://github.com/valkey-io/valkey ~/valkey
    go run ./integration/valkeysuite -source ~/valkey

All 54 units of ` + "`tests/unit` and `tests/unit/type`" + ` were run, each against a fresh server, with
` + "`--durable --no-latency --ignore-encoding --tags \"-needs:debug -needs:pfdebug -needs:save -needs:repl -slow -large-memory\"`" + `.
20 of them have no test that runs in this mode. ` + "`unit/cluster` and `unit/moduleapi`" + ` are not meant for it: they start servers of their own.
The tests set the server up with ` + "`CONFIG`" + `, which clients of a node do not have. So in a copy of the tests, their client sends
` + "`CONFIG`" + ` to the node's admin socket instead.

| | passed | failed |
|---|---|---|
| bare server | 2,084 | 1 |
| node | 2,050 | 36 |

One failure is the same on both: "CONFIG SET rollback on apply error". Another one on the node is not a test, but the clean-up after ` + "`unit/pause`" + `.
The other 34 tests pass on the bare server only:

| tests | where | why |
|---|---|---|
| 16 | 15 in unit/pause; "CLIENT command unhappy path coverage" | meant: ` + "`CLIENT PAUSE` and `CLIENT UNPAUSE`" + ` are refused ([security.md](security.md#what-clients-may-do)) |
| 5 | "Script ACL check" (4 times), "RESET clears authenticated state" | meant: ` + "`ACL SETUSER`" + ` is unknown to clients |
| 3 | "MULTI with SAVE", "MULTI with SHUTDOWN", "MIGRATE command is marked with movablekeys" | meant: these commands are unknown to clients |
| 3 | "COMMAND LIST FILTERBY PATTERN", "Coverage: HELP commands", "Subcommand syntax error crash" | meant: ` + "`CONFIG`" + ` is unknown to clients, and in no list of commands |
| 2 | "LATENCY HISTOGRAM all commands", "LATENCY HISTOGRAM with empty histogram" | meant: they look for ` + "`config\\|resetstat`" + `, which is hidden |
| 2 | "MULTI with config error", and "Flushall while watching several keys by one client" after it | how it was run: ` + "`CONFIG`" + ` did not become part of the transaction, which stayed open |
| 1 | "MONITOR log blocked command only once" | a limitation: ` + "`MONITOR`" + ` shows ` + "`INFO`" + ` as the engine module calls it, in capitals and without the client's address |
| 2 | "SLOWLOG - get all slow logs", "SLOWLOG - GET optional argument to limit output len works" | a defect: calls that the engine module makes take places in the slow log. ` + "`SLOWLOG GET`" + ` leaves them out, but ` + "`SLOWLOG LEN`" + ` counts them, and they push out older entries |

The slow log is affected only by calls above its limit (10 ms by default). The tests set the limit to 0.
`
