// SPDX-License-Identifier: MIT
// One row of the comparison of picks: an upstream, and what happens to it.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace sluice::tests::oracle {

struct PicksRow {
  std::string name;
  std::string upstream;       // what stands inside of upstream { }, see picks_lockstep.h
  int requests = 250;         // at least so many
  std::size_t clients = 1;    // addresses that ask
  std::size_t uris = 1;       // that are asked for
  bool peers_fail = false;    // and recover
  bool time_passes = false;   // seconds, now and then
  std::size_t most_held = 0;  // requests whose answers do not end
  bool releases = true;       // but are, in the end
  bool is_busy = false;       // a peer that fails says 503 instead of closing the connection
  std::string location = {};  // more lines
};

void PrintTo(const PicksRow& row, std::ostream* out);

std::vector<PicksRow> picks_rows();

}  // namespace sluice::tests::oracle
