#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A WebSocket server for the tests: `echo.py websockets` or `echo.py tornado`.

Sends back every message, but for these: "close 4001" closes with that code, "vanish" breaks the
connection off.  Prints "listening on ADDRESS", and "closed CODE" for each connection that ended.
"""

import asyncio
import socket
import sys

import tornado.httpserver
import tornado.netutil
import tornado.web
import tornado.websocket
import websockets

LARGEST = 64 * 1024 * 1024


async def serve_websockets(listener):
    async def echo(connection):
        try:
            async for message in connection:
                if isinstance(message, str) and message.startswith("close "):
                    await connection.close(int(message.split()[1]))
                elif message == "vanish":
                    connection.transport.abort()
                else:
                    await connection.send(message)
        except websockets.ConnectionClosed:
            pass  # with any code but "normal"
        await connection.wait_closed()
        print("closed", connection.close_code, flush=True)

    await websockets.serve(echo, sock=listener, max_size=LARGEST)


class Echo(tornado.websocket.WebSocketHandler):
    def on_message(self, message):
        if isinstance(message, str) and message.startswith("close "):
            self.close(int(message.split()[1]))
        elif message == "vanish":
            self.ws_connection.stream.close()
        else:
            self.write_message(message, binary=isinstance(message, bytes))

    def check_origin(self, origin):
        return True

    def on_close(self):
        # Tornado has no code for a connection that broke off; the protocol has 1006.
        print("closed", self.close_code or 1006, flush=True)


async def serve_tornado(listener):
    application = tornado.web.Application([(r"/.*", Echo)], websocket_max_message_size=LARGEST)
    listener.setblocking(False)
    tornado.httpserver.HTTPServer(application).add_sockets([listener])


async def main(kind):
    listener = socket.create_server(("127.0.0.1", 0))
    await {"websockets": serve_websockets, "tornado": serve_tornado}[kind](listener)
    print("listening on %s:%d" % listener.getsockname(), flush=True)
    await asyncio.Event().wait()


asyncio.run(main(sys.argv[1]))
