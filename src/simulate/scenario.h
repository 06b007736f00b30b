// SPDX-License-Identifier: MIT
// What is simulated: the options and the configuration brought together and checked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "confparse/settings/upstream.h"
#include "simulate/options.h"
#include "simulate/workload.h"

namespace sluice::simulate {

inline constexpr Micros kUsualService{1000};

// A peer of the configuration: a `server` line.  In the order of the lines, primaries and backups
// mixed.
struct SimulatedPeer {
  std::string label;  // "A" … "Z", "AA" …
  confparse::UpstreamServer server;
};

struct DownWindow {
  std::size_t peer;
  Window window;
};

struct SlowWindow {
  std::size_t peer;
  Window window;
  Micros service_time;
};

struct Scenario {
  std::vector<confparse::UpstreamSettings> methods;  // the configured one first
  std::vector<SimulatedPeer> peers;
  std::vector<DownWindow> down;
  std::vector<SlowWindow> slow;  // the last that fits counts
  Workload workload;
  std::uint64_t requests = 0;
  std::uint64_t concurrency = 0;
  std::uint64_t parallel = 0;  // 0: no limit
  std::uint64_t jitter = 0;
  std::uint64_t seed = 0;
  std::vector<std::string> notes;  // what a person should know to read the result

  [[nodiscard]] const std::string& name() const { return methods.front().name; }
};

// `file` is the configuration's name, for messages.  Throws Error.
Scenario make_scenario(const Options& options,
                       const std::vector<confparse::UpstreamSettings>& upstreams,
                       const std::string& file);

}  // namespace sluice::simulate
