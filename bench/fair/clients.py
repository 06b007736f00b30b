# SPDX-License-Identifier: MIT
"""Clients that come at random times, the same in each run, whatever became of those before them.

An open loop: a slow answer does not keep the next client from coming, as in life.
"""
import asyncio
import random


class Answer:
    """When it was asked for (seconds into the run), how long it took, and which peer's it is ('':
    an error)."""
    __slots__ = ("at", "took", "peer")

    def __init__(self, at, took, peer):
        self.at, self.took, self.peer = at, took, peer


class _Connection(asyncio.Protocol):
    def __init__(self):
        self._received = b""
        self.transport = None
        self._waiting = None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            return
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n")
                      if line.lower().startswith(b"content-length:"))
        if len(body) >= length:
            self._received = b""
            ok = head.startswith(b"HTTP/1.1 200")
            self._finish(body[:length].decode() if ok else "")

    def connection_lost(self, error):
        self._finish("")

    def _finish(self, peer):
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(peer)

    async def ask(self):
        self._waiting = asyncio.get_running_loop().create_future()
        self.transport.write(b"GET / HTTP/1.1\r\nHost: study\r\n\r\n")
        return await self._waiting


async def run(port, rate, seconds, began, seed):
    """`rate` requests a second on average. Returns their Answers in the order they were asked."""
    loop = asyncio.get_running_loop()
    arrivals = random.Random(seed)
    idle = []
    answers = []

    async def ask(at):
        connection = idle.pop() if idle else None
        if connection is None or connection.transport.is_closing():
            _, connection = await loop.create_connection(_Connection, "127.0.0.1", port)
        peer = await connection.ask()
        answers.append(Answer(at, loop.time() - began - at, peer))
        if not connection.transport.is_closing():
            idle.append(connection)

    tasks = []
    at = 0.0
    while True:
        at += arrivals.expovariate(rate)
        if at > seconds:
            break
        pause = began + at - loop.time()
        if pause > 0:
            await asyncio.sleep(pause)
        tasks.append(asyncio.create_task(ask(at)))
    await asyncio.gather(*tasks)
    for connection in idle:
        connection.transport.close()
    return sorted(answers, key=lambda answer: answer.at)
