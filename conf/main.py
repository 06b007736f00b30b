#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The Tornado application that the demo, the system tests and the container put behind sluice.

    main.py --port=8000

Each answer says which process gave it: X-Process is its id, X-Port the port it listens on.
"""

import asyncio
import os
import signal

import tornado.httpserver
import tornado.netutil
import tornado.web
from tornado.options import define, options, parse_command_line

define("port", default=8000, type=int, help="port to listen on; 0: any free one")
define("address", default="127.0.0.1", help="address to listen on")


class MainHandler(tornado.web.RequestHandler):
    def set_default_headers(self):
        self.set_header("X-Process", str(os.getpid()))
        self.set_header("X-Port", str(self.settings["port"]))

    def get(self):
        self.write("Hello, Tornado")

    def head(self):
        self.get()


async def main():
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    sockets = tornado.netutil.bind_sockets(options.port, address=options.address)
    port = sockets[0].getsockname()[1]
    application = tornado.web.Application([(r"/", MainHandler)], port=port)
    tornado.httpserver.HTTPServer(application).add_sockets(sockets)
    print(f"listening on {options.address}:{port}", flush=True)
    await stop.wait()


if __name__ == "__main__":
    options.logging = "error"  # a line for every request would drown everything else
    parse_command_line()
    asyncio.run(main())
