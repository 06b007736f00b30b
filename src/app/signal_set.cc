// SPDX-License-Identifier: MIT
#include "app/signal_set.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cstring>

namespace sluice::app {
namespace {

sigset_t our_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH, SIGCHLD}) {
    ::sigaddset(&set, number);
  }
  return set;
}

}  // namespace

void block_signals() {
  const sigset_t set = our_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGCHLD, SIG_DFL);  // whoever started us may have ignored it: no child would be told of
}

void restore_signals() {
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
}

int open_signals() {
  const sigset_t set = our_signals();
  return ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

std::optional<Signal> next_signal(int descriptor) {
  signalfd_siginfo info{};
  if (::read(descriptor, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) {
    return std::nullopt;
  }
  return Signal{static_cast<int>(info.ssi_signo), info.ssi_code == SI_KERNEL,
                static_cast<pid_t>(info.ssi_pid)};
}

std::string text_of(const Signal& signal, const char* action) {
  std::string text = "signal " + std::to_string(signal.number);
  if (const char* name = ::sigabbrev_np(signal.number)) {
    text.append(" (SIG").append(name).append(")");
  }
  text += " received";
  if (signal.sender != 0) {
    text += " from " + std::to_string(signal.sender);
  }
  return text.append(", ").append(action);
}

}  // namespace sluice::app
