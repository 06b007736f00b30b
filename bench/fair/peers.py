# SPDX-License-Identifier: MIT
"""Peers that answer after a time which changes as a scenario says, or do not answer at all.

All of them live in one asyncio loop: they wait, they do not work, so they cost next to no CPU.
"""
import asyncio

_HEAD_END = b"\r\n\r\n"


class Peer:
    """One listening socket, at a port of the system's choice. `plan(seconds)` is the time to answer
    in seconds at that second of the scenario, or None: nobody listens then."""

    def __init__(self, name, plan):
        self.name = name
        self._plan = plan
        self._server = None
        self._connections = set()
        self.port = None
        self._began = None

    async def open(self):
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Connection(self), "127.0.0.1", self.port or 0, reuse_address=True)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self):
        self._server.close()
        self._server = None
        for connection in list(self._connections):
            connection.transport.abort()

    async def follow_plan(self, began, until):
        """Opens and closes as planned; ends at `until`."""
        loop = asyncio.get_running_loop()
        self._began = began
        while loop.time() < until:
            wanted = self._plan(loop.time() - began) is not None
            if wanted and self._server is None:
                await self.open()
            elif not wanted and self._server is not None:
                self.close()
            await asyncio.sleep(0.02)

    def time_to_answer(self):
        if self._began is None:
            return 0.0
        return self._plan(asyncio.get_running_loop().time() - self._began) or 0.0


class _Connection(asyncio.Protocol):
    def __init__(self, peer):
        self._peer = peer
        self._received = b""
        self.transport = None

    def connection_made(self, transport):
        self.transport = transport
        self._peer._connections.add(self)

    def connection_lost(self, error):
        self._peer._connections.discard(self)

    def data_received(self, data):
        self._received += data
        while _HEAD_END in self._received:
            _, _, self._received = self._received.partition(_HEAD_END)
            asyncio.get_running_loop().call_later(self._peer.time_to_answer(), self._answer)

    def _answer(self):
        if not self.transport.is_closing():
            name = self._peer.name.encode()
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(name), name))
