// SPDX-License-Identifier: MIT
#include "simulate/changes.h"

#include <algorithm>
#include <set>

#include "simulate/group.h"
#include "simulate/imbalance.h"

namespace sluice::simulate {
namespace {

constexpr std::int32_t kNowhere = -1;

// The server line that each unit is sent to when all is well.
std::vector<std::int32_t> homes(const confparse::UpstreamSettings& method, const RequestKeys& keys,
                                std::uint64_t seed) {
  Group group(method, seed);
  upstream::Tries tries;
  std::vector<std::int32_t> homes;
  for (std::uint32_t unit = 0; unit < keys.units(); ++unit) {
    tries.restart(keys.address_of(unit), keys.key_of(unit));
    const auto asked = group.upstream().next(tries, clock_time({}));
    homes.push_back(asked ? static_cast<std::int32_t>(group.line_of(*asked)) : kNowhere);
    if (asked) {
      group.upstream().report(*asked, {.called_off = true, .now = clock_time({})});
    }
  }
  return homes;
}

std::uint64_t count_different(const std::vector<std::int32_t>& one,
                              const std::vector<std::int32_t>& other) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    count += one[i] != other[i] ? 1U : 0U;
  }
  return count;
}

// The peers of --down; else the last that takes part.
std::set<std::size_t> those_to_take_out(const Scenario& scenario) {
  std::set<std::size_t> lines;
  for (const DownWindow& down : scenario.down) {
    lines.insert(down.peer);
  }
  const std::vector<std::uint64_t> weights = wanted_weights(scenario);
  for (std::size_t line = weights.size(); lines.empty() && line-- > 0;) {
    if (weights[line] > 0) {
      lines.insert(line);
    }
  }
  return lines;
}

}  // namespace

std::vector<Change> changes(const Scenario& scenario, const confparse::UpstreamSettings& method) {
  const RequestKeys keys(method, scenario.workload);
  if (keys.unit() != Unit::client && keys.unit() != Unit::uri) {
    return {};
  }
  const std::vector<std::int32_t> today = homes(method, keys, scenario.seed);
  std::vector<Change> changes;
  for (const std::size_t line : those_to_take_out(scenario)) {
    if (method.servers.size() < 2) {
      continue;
    }
    confparse::UpstreamSettings fewer = method;
    fewer.servers.erase(fewer.servers.begin() + static_cast<std::ptrdiff_t>(line));
    std::vector<std::int32_t> then = homes(fewer, keys, scenario.seed);
    for (std::int32_t& home : then) {
      home += home >= static_cast<std::int32_t>(line) ? 1 : 0;
    }
    const auto least = std::ranges::count(today, static_cast<std::int32_t>(line));
    changes.push_back({"without " + method.servers[line].address, count_different(today, then),
                       static_cast<std::uint64_t>(least)});
  }
  confparse::UpstreamSettings more = method;
  confparse::UpstreamServer added;
  added.address = "192.0.2.1:8000";  // set aside for documentation: nobody has it
  added.weight = method.servers.back().weight;
  more.servers.push_back(added);
  std::uint64_t total = added.weight;
  for (const std::uint64_t weight : wanted_weights(scenario)) {
    total += weight;
  }
  changes.push_back({"with one more server",
                     count_different(today, homes(more, keys, scenario.seed)),
                     (today.size() * added.weight + total / 2) / total});
  return changes;
}

}  // namespace sluice::simulate
