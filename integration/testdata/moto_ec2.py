"""An EC2 API by moto, and a client of it.

It prints its URL, then answers each line of standard input, {"call": "create_vpc", "args": {...}}, with a line: what boto3 returns, or
{"error": "..."}. It ends with standard input."""

import json
import sys

import boto3
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
url = f"http://{host}:{port}"
print(url, flush=True)
ec2 = boto3.client("ec2", endpoint_url=url, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
for line in sys.stdin:
    asked = json.loads(line)
    try:
        answer = getattr(ec2, asked["call"])(**asked["args"])
    except Exception as e:
        answer = {"error": str(e)}
    print(json.dumps(answer, default=str), flush=True)
