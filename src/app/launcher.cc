// SPDX-License-Identifier: MIT
#include "app/launcher.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "app/complain.h"
#include "app/how_it_ended.h"

namespace sluice::app {
namespace {

using confparse::LogLevel;

[[noreturn]] void wait_for_word(const net::Descriptor& launcher, pid_t daemon) {
  char word = 0;
  ssize_t got = 0;
  do {
    got = ::read(launcher.get(), &word, 1);
  } while (got < 0 && errno == EINTR);
  if (got == 1) {
    ::_exit(0);
  }
  int status = 0;
  while (::waitpid(daemon, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) {
    complain(LogLevel::emerg, "the daemon " + how_it_ended(status));
  }
  // Who ended well before it served was told to: nobody has to be alarmed.
  ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

}  // namespace

bool Launcher::leave() {
  std::array<int, 2> ends{-1, -1};
  const bool has_pipe = ::pipe2(ends.data(), O_CLOEXEC) == 0;
  const net::Descriptor launcher{ends[0]};
  daemon_ = net::Descriptor{ends[1]};
  const pid_t child = has_pipe ? ::fork() : -1;
  if (child < 0) {
    complain(LogLevel::emerg,
             (has_pipe ? "fork() failed " : "pipe() failed ") + system_error_text(errno));
    return false;
  }
  if (child > 0) {
    daemon_.reset();
    wait_for_word(launcher, child);
  }
  ::setsid();
  ::umask(0);
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing >= 0) {
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(nothing, STDOUT_FILENO);
    ::close(nothing);
  }
  return true;
}

void Launcher::serves() {
  if (daemon_) {
    // It may be gone: Ctrl-C.
    [[maybe_unused]] const ssize_t put = ::write(daemon_.get(), "y", 1);
    daemon_.reset();
  }
}

}  // namespace sluice::app
