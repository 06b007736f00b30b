// SPDX-License-Identifier: MIT
// The upstreams whose every pick must be nginx's.
#include <ostream>

#include "tests/oracle/picks.h"

namespace sluice::tests::oracle {
namespace {

std::vector<PicksRow> in_turn() {
  return {
      {.name = "Equal", .upstream = "server @0@; server @1@; server @2@;"},
      {.name = "FiveOneOne", .upstream = "server @0@ weight=5; server @1@; server @2@;"},
      {.name = "FourThreeTwoOne",
       .upstream = "server @0@ weight=4; server @1@ weight=3; server @2@ weight=2; server @3@;"},
      {.name = "Down", .upstream = "server @0@ weight=3; server @1@ down; server @2@ weight=2;"},
      {.name = "TheSameTwice", .upstream = "server @0@; server @1@; server @0@ weight=2;"},
      {.name = "BackupsRest", .upstream = "server @0@; server @1@ backup; server @2@;"},
      {.name = "OneIsRefused",
       .upstream = "server @0@; server @refuses@ fail_timeout=2s; server @1@ weight=2;",
       .time_passes = true},
      {.name = "FailAndRecover",
       .upstream = "server @0@ fail_timeout=1s; server @1@ fail_timeout=1s;"
                   "server @2@ fail_timeout=1s;",
       .peers_fail = true,
       .time_passes = true},
      {.name = "WeightsSinkAndRise",
       .upstream = "server @0@ weight=9 max_fails=3 fail_timeout=2s;"
                   "server @1@ weight=5 max_fails=2 fail_timeout=4s;"
                   "server @2@ weight=2 max_fails=4 fail_timeout=1s;"
                   "server @3@ max_fails=1 fail_timeout=3s;",
       .requests = 600,
       .peers_fail = true,
       .time_passes = true},
      {.name = "FailuresNotCounted",
       .upstream = "server @0@ max_fails=0; server @1@ max_fails=0 weight=3; server @2@;",
       .peers_fail = true,
       .time_passes = true},
      {.name = "NoRest",
       .upstream = "server @0@ fail_timeout=0; server @1@ fail_timeout=0 weight=3; server @2@;",
       .peers_fail = true,
       .time_passes = true},
      {.name = "BackupsStepIn",
       .upstream = "server @0@ fail_timeout=2s; server @1@ weight=2 fail_timeout=3s;"
                   "server @2@ backup weight=2 fail_timeout=2s; server @3@ backup max_fails=2;",
       .requests = 400,
       .peers_fail = true,
       .time_passes = true},
      {.name = "Busy",
       .upstream = "server @0@ fail_timeout=2s; server @1@ weight=3 max_fails=2 fail_timeout=2s;"
                   "server @2@;",
       .peers_fail = true,
       .time_passes = true,
       .is_busy = true,
       .location = "proxy_next_upstream error timeout http_503;"},
      {.name = "BusyIsNoFailure",
       .upstream = "server @0@; server @1@ weight=3;",
       .peers_fail = true,
       .time_passes = true,
       .is_busy = true},
      {.name = "TwoTries",
       .upstream =
           "server @0@ fail_timeout=1s; server @1@ fail_timeout=1s; server @2@; server @3@;",
       .peers_fail = true,
       .time_passes = true,
       .location = "proxy_next_upstream_tries 2;"},
      {.name = "NoRetry",
       .upstream = "server @0@ fail_timeout=1s; server @1@ max_fails=3 fail_timeout=1s;",
       .peers_fail = true,
       .time_passes = true,
       .location = "proxy_next_upstream off;"},
      {.name = "Single", .upstream = "server @0@;", .requests = 100, .peers_fail = true},
      {.name = "SingleWithBackup",
       .upstream = "server @0@ fail_timeout=2s; server @1@ backup;",
       .peers_fail = true,
       .time_passes = true},
  };
}

std::vector<PicksRow> under_load() {
  return {
      {.name = "MaxConns",
       .upstream = "server @0@ max_conns=2; server @1@ max_conns=3 weight=2; server @2@;",
       .most_held = 12},
      {.name = "MaxConnsOfAll",
       .upstream = "server @0@ max_conns=2; server @1@ max_conns=1; server @2@ max_conns=2 backup;",
       .most_held = 8},
      {.name = "MaxConnsOfOne", .upstream = "server @0@ max_conns=2;", .most_held = 4},
      {.name = "LeastConn",
       .upstream = "least_conn; server @0@; server @1@; server @2@;",
       .most_held = 20},
      {.name = "LeastConnWeights",
       .upstream = "least_conn; server @0@ weight=5; server @1@ weight=2; server @2@; server @3@ "
                   "weight=3;",
       .requests = 500,
       .most_held = 30},
      {.name = "LeastConnInAllTrouble",
       .upstream = "least_conn; server @0@ weight=3 fail_timeout=1s; server @1@ max_conns=4;"
                   "server @2@ weight=2 max_fails=2 fail_timeout=2s; server @3@ down;"
                   "server @4@ backup; server @5@ backup weight=2 max_conns=3;",
       .requests = 600,
       .peers_fail = true,
       .time_passes = true,
       .most_held = 25},
      {.name = "LeastConnSingle", .upstream = "least_conn; server @0@;", .requests = 50},
  };
}

std::vector<PicksRow> by_key() {
  const std::string trouble =
      "server @0@ weight=3 fail_timeout=1s; server @1@ down; server @2@ weight=2 fail_timeout=2s;"
      "server @3@ max_fails=2 fail_timeout=1s; server @4@;";
  return {
      {.name = "IpHash",
       .upstream = "ip_hash; server @0@; server @1@; server @2@;",
       .requests = 500,
       .clients = 500},
      {.name = "IpHashWeights",
       .upstream =
           "ip_hash; server @0@ weight=3; server @1@ down; server @2@ weight=2; server @3@;",
       .requests = 500,
       .clients = 500},
      {.name = "IpHashInTrouble",
       .upstream = "ip_hash;" + trouble,
       .requests = 600,
       .clients = 500,
       .peers_fail = true,
       .time_passes = true},
      {.name = "IpHashMaxConns",
       .upstream = "ip_hash; server @0@ max_conns=3; server @1@ max_conns=2; server @2@;",
       .clients = 100,
       .most_held = 10},
      {.name = "IpHashMostlyDown",
       .upstream = "ip_hash; server @0@ down weight=50; server @1@; server @2@ weight=2;",
       .clients = 200},
      {.name = "Hash",
       .upstream = "hash $request_uri; server @0@; server @1@; server @2@;",
       .requests = 500,
       .uris = 500},
      {.name = "HashInTrouble",
       .upstream = "hash $request_uri;" + trouble,
       .requests = 600,
       .uris = 500,
       .peers_fail = true,
       .time_passes = true},
      {.name = "HashMostlyDown",
       .upstream = "hash $request_uri; server @0@ down weight=50; server @1@; server @2@ weight=2;",
       .uris = 200},
      {.name = "HashOfNothing",
       .upstream = "hash $http_none; server @0@; server @1@ weight=2; server @2@;"},
      {.name = "Consistent",
       .upstream = "hash $request_uri consistent; server @0@ weight=2; server @1@; server @2@;",
       .requests = 500,
       .uris = 500},
      {.name = "ConsistentInTrouble",
       .upstream = "hash $request_uri consistent;" + trouble,
       .requests = 600,
       .uris = 500,
       .peers_fail = true,
       .time_passes = true},
      {.name = "ConsistentMaxConns",
       .upstream = "hash $request_uri consistent; server @0@ max_conns=2; server @1@; server @2@ "
                   "max_conns=3;",
       .uris = 100,
       .most_held = 10},
      {.name = "ConsistentOfNothing",
       .upstream = "hash $http_none consistent; server @0@; server @1@ weight=2;"},
  };
}

// Debian's build of the module never counts a request as ended, so none ends here.
std::vector<PicksRow> fair() {
  std::vector<PicksRow> rows;
  const struct {
    const char* name;
    const char* words;
  } kModes[] = {{"Fair", "@fair@"},
                {"FairNoRr", "fair no_rr"},
                {"FairIdle", "fair weight_mode=idle"},
                {"FairIdleNoRr", "fair weight_mode=idle no_rr"},
                {"FairPeak", "fair weight_mode=peak"}};
  const std::vector<int> kWeights[] = {{1, 1, 1}, {5, 1, 1}, {2, 3, 1}, {1, 4, 2, 9}};
  for (const auto& mode : kModes) {
    for (const std::vector<int>& weights : kWeights) {
      PicksRow row{.name = mode.name, .upstream = mode.words + std::string(";"), .requests = 40};
      for (std::size_t i = 0; i < weights.size(); ++i) {
        const std::string weight = std::to_string(weights[i]);
        row.name += "_" + weight;
        row.upstream += " server @" + std::to_string(i) + "@ weight=" + weight + ";";
      }
      row.most_held = 40;
      row.releases = false;
      rows.push_back(std::move(row));
    }
  }
  rows.push_back({.name = "FairDown",
                  .upstream = "@fair@; server @0@ weight=2; server @1@ down; server @2@;",
                  .requests = 40,
                  .most_held = 40,
                  .releases = false});
  return rows;
}

}  // namespace

void PrintTo(const PicksRow& row, std::ostream* out) {
  *out << row.upstream;
}

std::vector<PicksRow> picks_rows() {
  std::vector<PicksRow> rows;
  for (auto part : {in_turn(), under_load(), by_key(), fair()}) {
    rows.insert(rows.end(), part.begin(), part.end());
  }
  return rows;
}

}  // namespace sluice::tests::oracle
