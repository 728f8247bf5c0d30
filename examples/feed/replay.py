#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Plays one-minute bars of a CSV into a running stream, over ZeroMQ: what an adapter of a broker does, with a file.

    pixity stream --symbol RELIANCE --timeframe 15m --warmup-days 0 --skip-meta-model --feed tcp://127.0.0.1:5555 &
    replay.py RELIANCE_2022.csv tcp://127.0.0.1:5555 --speed 600     # a minute takes a tenth of a second

--speed 1 is real time, 0 (the default) as fast as it goes. Needs python3-zmq.
"""
import argparse
import time

import zmq


def main():
    parser = argparse.ArgumentParser(description="Plays a CSV of one-minute bars into pixity stream --feed.")
    parser.add_argument("csv")
    parser.add_argument("url")
    parser.add_argument("--speed", type=float, default=0)
    arguments = parser.parse_args()
    socket = zmq.Context().socket(zmq.PUSH)
    socket.connect(arguments.url)
    with open(arguments.csv, "rb") as lines:
        for line in lines:
            socket.send(line)
            if arguments.speed:
                time.sleep(60 / arguments.speed)
    socket.send(b"")  # the end of the feed
    socket.close()  # waits until all is sent


if __name__ == "__main__":
    main()
