"""An EC2 API by moto, and a client of it: it prints its URL, and then answers calls as boto3_calls.py does."""

import boto3
from boto3_calls import answer_calls
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
url = f"http://{host}:{port}"
print(url, flush=True)
answer_calls(boto3.client("ec2", endpoint_url=url, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"))
