// SPDX-License-Identifier: MIT
// `daemon on`: the process that was typed.  It stays until the daemon serves, so that its exit code
// says how it went; the reason stands on stderr, which the daemon has until then.
#pragma once

#include "net/descriptor.h"

namespace sluice::app {

class Launcher {
 public:
  // Returns in the daemon only, or false: it said why.
  bool leave();
  // The daemon listens and serves: the process that was typed ends with 0.
  void serves();
  // In a child of the daemon, who must not seem to be the daemon itself.
  void forget() { daemon_.reset(); }

 private:
  net::Descriptor daemon_;  // ready, or closed: its end
};

}  // namespace sluice::app
