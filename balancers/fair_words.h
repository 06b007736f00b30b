// SPDX-License-Identifier: MIT
// What may stand behind `fair`: any word chooses the algorithm of the module of that name.
#pragma once

#include <string_view>

#include "balancers/strategies.h"

namespace sluice::balancers {

enum class WeightMode { none, idle, peak };

struct FairWords {
  bool in_flight = false;  // false: by response time
  bool no_rr = false;
  WeightMode weight_mode = WeightMode::none;
  std::string_view bad = {};  // the first word that is none of ours; a view into the words
};

inline FairWords read_fair_words(Words words) {
  FairWords result;
  result.in_flight = !words.empty();
  for (const std::string_view word : words) {
    if (word == "no_rr") {
      result.no_rr = true;
    } else if (word == "weight_mode=idle") {
      result.weight_mode = WeightMode::idle;
    } else if (word == "weight_mode=peak") {
      result.weight_mode = WeightMode::peak;
    } else if (word != "by=in_flight") {
      result.bad = word;
      break;
    }
  }
  return result;
}

}  // namespace sluice::balancers
