"""Logs in with redis-py: each login of the JSON in argv[1], an answer a line."""
import json
import sys

import redis

job = json.loads(sys.argv[1])
for login in job["logins"]:
    options = {k: v for k, v in login.items() if v and k in ("username", "password")}
    client = redis.Redis(host=job["host"], port=job["port"], ssl=True, ssl_ca_certs=job["ca"], **options)
    try:
        client.set("k", "v")
        print("ok" if client.get("k") == b"v" else "lost")
    except redis.RedisError as error:
        print(type(error).__name__, error)
    finally:
        client.close()
