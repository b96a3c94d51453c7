"""Writes with redis-py and its default settings until standard input ends.

The first line of standard input is the job, in JSON. Each write is a line of output:
its sequence, when it was sent and answered (nanoseconds of the monotonic clock), and
"ok" or the error.
"""
import json
import sys
import threading
import time

import redis

job = json.loads(sys.stdin.readline())
stopped = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stopped.set()), daemon=True).start()
client = redis.Redis(host=job["host"], port=job["port"], password=job["token"], ssl=True, ssl_ca_certs=job["ca"])

sequence = 0
while not stopped.is_set():
    began = time.monotonic_ns()
    try:
        if sequence % 2:
            client.set(job["key"] % sequence, sequence)
        else:
            client.rpush(job["list"], sequence)
        result = "ok"
    except redis.RedisError as error:
        result = " ".join(f"{type(error).__name__}: {error}".split())
    print(sequence, began, time.monotonic_ns(), result, flush=True)
    sequence += 1
    stopped.wait(job["pause"])
