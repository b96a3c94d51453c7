"""A client of the ElastiCache API, by boto3.

It answers each line of standard input, {"call": "create_replication_group", "args": {...}}, with a line: what boto3 returns, or
{"error": "..."}. It ends with standard input."""

import json
import sys

import boto3


def answer_calls(client):
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = getattr(client, asked["call"])(**asked["args"])
        except Exception as e:
            answer = {"error": str(e)}
        print(json.dumps(answer, default=str), flush=True)


if __name__ == "__main__":
    answer_calls(boto3.client("elasticache"))
