// SPDX-License-Identifier: MIT
// The servers that journeys and system tests put behind sluice: our own small sluice-backend
// ($SLUICE_BACKEND), and Tornado with conf/main.py (below $SLUICE_SOURCE).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/child_process.h"

namespace sluice::tests {

class RunningBackend {
 public:
  // `options` as on its command line: {"--name", "a", "--die-after", "3"}.
  explicit RunningBackend(const std::vector<std::string>& options = {});

  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] ChildProcess& process() { return process_; }

 private:
  ChildProcess process_;
  std::string address_;
};

class RunningTornado {
 public:
  // Port 0: the system chooses.
  explicit RunningTornado(std::uint16_t port = 0);

  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] std::uint16_t port() const;
  // As its answers say it in X-Process.
  [[nodiscard]] std::string id() const { return std::to_string(process_.pid()); }
  [[nodiscard]] ChildProcess& process() { return process_; }

 private:
  ChildProcess process_;
  std::string address_;
};

}  // namespace sluice::tests
