"""Holds connections with redis-py until standard input ends, as the JSON in argv[1] says.
Prints how many logins it made, when all connections are open."""
import json
import sys

import redis

job = json.loads(sys.argv[1])
pool = redis.ConnectionPool(
    connection_class=redis.SSLConnection, host=job["host"], port=job["port"], ssl_ca_certs=job["ca"],
    password=job["token"], client_name=job["name"])
held = [pool.get_connection("PING") for _ in range(job["connections"])]
for connection in held:
    connection.send_command("PING")
    connection.read_response()
print(len(held), flush=True)
sys.stdin.read()
for connection in held:
    connection.disconnect()
