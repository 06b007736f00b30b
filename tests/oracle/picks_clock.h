// SPDX-License-Identifier: MIT
// The time of the programs under test: it stands still until the test says how much passes.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/temp_folder.h"

namespace sluice::tests::oracle {

class VirtualClock {
 public:
  // Throws when $SLUICE_VIRTUAL_CLOCK, the library of virtual_clock.cc, is not set.
  VirtualClock();
  ~VirtualClock();
  VirtualClock(const VirtualClock&) = delete;
  VirtualClock& operator=(const VirtualClock&) = delete;

  // What a program must be started with.
  [[nodiscard]] std::vector<std::string> environment() const;
  void advance(int seconds);

 private:
  TempFolder folder_;
  std::string library_;
  std::atomic<std::int64_t>* seconds_ = nullptr;
};

}  // namespace sluice::tests::oracle
