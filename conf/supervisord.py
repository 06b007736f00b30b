#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Supervisor as it is, but that it looks up when a signal comes instead of once a second.

    supervisord.py -c /etc/supervisor/supervisord.conf

Its loop sleeps for a second in poll(), which Python resumes after a signal: that it shall end, or that
a program has ended, it learns up to a second late, and at an end several times in a row.  Here each
signal writes a byte into a pipe (signal.set_wakeup_fd) that poll() watches.
"""

import os
import signal

from supervisor import poller, supervisord


class WakefulPoller(poller.Poller):
    # What one signal leads to: it is taken from a queue, its program is reaped, started again.
    TURNS = 3

    waker = None
    turns = 0

    def poll(self, timeout):
        if self.waker is None:  # not before: supervisord closes what is open at its start
            self.waker, end = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
            signal.set_wakeup_fd(end, warn_on_full_buffer=False)
            self.turns = self.TURNS  # what came until now
        self.register_readable(self.waker)
        readable, writable = super().poll(0 if self.turns > 0 else timeout)
        self.turns = max(self.turns - 1, 0)
        if self.waker in readable:
            readable = [fd for fd in readable if fd != self.waker]
            self.turns += self.TURNS * len(os.read(self.waker, 64))
        return readable, writable

    def close(self):
        signal.set_wakeup_fd(-1)
        super().close()


if __name__ == "__main__":
    poller.Poller = WakefulPoller
    supervisord.main()
