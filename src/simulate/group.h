// SPDX-License-Identifier: MIT
// The proxy's own Upstream with the peers of a simulation: no name is looked up, nothing is opened.
#pragma once

#include <memory>
#include <vector>

#include "simulate/options.h"
#include "upstream/upstream.h"

namespace sluice::simulate {

using upstream::Clock;

// Virtual time as the upstream's clock shows it.  It begins late enough that no fail_timeout lies
// before the clock's zero.
Clock::time_point clock_time(Micros time);

// Is it a name, that the proxy would look up?
bool is_name(const confparse::UpstreamServer& server);

class Group {
 public:
  Group(const confparse::UpstreamSettings& settings, std::uint64_t seed);

  [[nodiscard]] upstream::Upstream& upstream() { return *upstream_; }
  // The number of the `server` line.
  [[nodiscard]] std::size_t line_of(const upstream::Asked& asked) const {
    return (asked.backup ? backups_ : primaries_)[asked.index];
  }

 private:
  std::unique_ptr<upstream::Upstream> upstream_;
  std::vector<std::size_t> primaries_;
  std::vector<std::size_t> backups_;
};

}  // namespace sluice::simulate
