// SPDX-License-Identifier: MIT
// What the regexes of one exchange caught.  Every view points into the text that was searched.
#pragma once

#include <string_view>
#include <vector>

namespace sluice::routing {

// Reused from request to request: clearing keeps the memory.
struct Captures {
  std::vector<std::string_view> groups;  // $1…$9: of the last regex that matched; [0] all of it
  std::vector<std::string_view> named;  // (?<name>…), by slot of VariableTable; null data(): unset

  void clear() {
    groups.clear();
    named.clear();
  }
};

}  // namespace sluice::routing
