// SPDX-License-Identifier: MIT
// Signals are read from a descriptor, never by a handler: nothing runs in the middle of something
// else, and none is lost.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace sluice::app {

// Blocks those that are ours, before anybody can read our pid.  Threads made later inherit that.
void block_signals();
// As a program expects them that is started: none blocked, none ignored.
void restore_signals();

// A descriptor that is readable when one has come; of this process, so made anew after fork().
int open_signals();

struct Signal {
  int number = 0;
  bool from_kernel = false;  // a terminal, not a person: its WINCH means that a window grew
  pid_t sender = 0;          // 0: not known
};
// "signal 15 (SIGTERM) received from 4711, exiting", as nginx says it.
std::string text_of(const Signal& signal, const char* action);
std::optional<Signal> next_signal(int descriptor);

}  // namespace sluice::app
