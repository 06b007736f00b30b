# SPDX-License-Identifier: MIT
"""What a run is doing: one line that is overwritten on a terminal, a line a case elsewhere."""

import sys
import time


class Progress:
    def __init__(self, total):
        self.total = total
        self.number = 0
        self.began = time.monotonic()
        self.is_terminal = sys.stderr.isatty()

    def case(self, title):
        self.number += 1
        self.title = title
        self.show("")

    def show(self, what):
        if not self.is_terminal:
            return
        minutes, seconds = divmod(int(time.monotonic() - self.began), 60)
        line = f"[{self.number}/{self.total}] {minutes}:{seconds:02d}  {self.title}  {what}"
        sys.stderr.write("\r\x1b[K" + line[:110])
        sys.stderr.flush()

    def done(self, line):
        if self.is_terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
        print(line, flush=True)
