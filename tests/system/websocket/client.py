#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A WebSocket client for the tests: `client.py ADDRESS SCENARIO`.  Prints "ok" or what went wrong."""

import asyncio
import os
import sys

import websockets


def expect(what, is_true):
    if not is_true:
        raise SystemExit(f"wrong: {what}")


async def echo(connection):
    for text in ("hello", "", "x" * 125, "y" * 126, "z" * 70000):
        await connection.send(text)
        expect(f"echo of {len(text)} letters", await connection.recv() == text)


async def large(connection):
    message = os.urandom(10 * 1024 * 1024)
    for _ in range(2):
        await connection.send(message)
        expect("echo of 10 MiB", await connection.recv() == message)


async def ping(connection):
    for _ in range(3):
        await asyncio.wait_for(await connection.ping(), 10)


async def many(connection):
    # Both ways at once: all are sent before the first is read.
    await asyncio.gather(*(connection.send(str(i)) for i in range(5000)))
    for i in range(5000):
        expect(f"message {i}", await connection.recv() == str(i))


async def ended(connection):
    try:
        await asyncio.wait_for(connection.recv(), 10)
    except websockets.ConnectionClosed:
        return connection.close_code
    raise SystemExit("wrong: it is still open")


async def close_by_client(connection):
    await connection.close(4000, "enough")
    expect("code 4000", connection.close_code == 4000)


async def close_by_server(connection):
    await connection.send("close 4001")
    expect("code 4001", await ended(connection) == 4001)


async def server_vanishes(connection):
    await connection.send("vanish")
    expect("code 1006", await ended(connection) == 1006)


async def client_vanishes(connection):
    await echo(connection)
    connection.transport.abort()


async def idle(connection):
    await echo(connection)
    expect("code 1006", await ended(connection) == 1006)


async def main(address, scenario):
    async with websockets.connect(
        f"ws://{address}/chat?room=1", max_size=None, ping_interval=None
    ) as connection:
        await globals()[scenario](connection)
    print("ok")


asyncio.run(main(sys.argv[1], sys.argv[2]))
