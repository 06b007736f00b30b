// SPDX-License-Identifier: MIT
// A process that is no child of the test's own: its end can be waited for, and it does not outlive
// the object.
#pragma once

#include <csignal>

#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include "tests/support/deadline.h"
#include "tests/support/sockets.h"

namespace sluice::tests {

class OtherProcess {
 public:
  explicit OtherProcess(pid_t pid)
      : pid_(pid), exit_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}
  ~OtherProcess() { signal(SIGKILL); }
  OtherProcess(const OtherProcess&) = delete;
  OtherProcess& operator=(const OtherProcess&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  // To this process, never to one that has got its number.
  void signal(int number) const {
    if (exit_.is_open()) ::syscall(SYS_pidfd_send_signal, exit_.fd(), number, nullptr, 0);
  }
  [[nodiscard]] bool is_running() const {
    return exit_.is_open() && !wait_readable(exit_, Deadline(milliseconds{0}));
  }
  [[nodiscard]] bool ends() const { return !exit_.is_open() || wait_readable(exit_, Deadline()); }

 private:
  pid_t pid_;
  Socket exit_;
};

}  // namespace sluice::tests
