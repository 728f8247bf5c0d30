# SPDX-License-Identifier: Apache-2.0
"""What the tests of streams and accounts share."""
import json

from harness import pixity
from lab import HEADER


def stream(text, *args, status=0):
    return [json.loads(line) for line in pixity("stream", *args, stdin=text, status=status).stdout.splitlines()]


def of_type(lines, *types):
    return [line for line in lines if line["type"] in types]


def as_csv(rows, header=HEADER):
    return "\n".join([header, *(",".join(row) for row in rows)]) + "\n"


def number(text):
    return None if text == "" else float(text)
