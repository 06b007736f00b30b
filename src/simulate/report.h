// SPDX-License-Identifier: MIT
// The results as text for people, and as JSON for programs.
#pragma once

#include <string>
#include <vector>

#include "simulate/result.h"
#include "simulate/scenario.h"

namespace sluice::simulate {

// What is simulated, and what should be known about it.
std::string heading_text(const Scenario& scenario);
// One method in full.
std::string result_text(const Scenario& scenario, const Result& result);
// Several methods, a line each.
std::string comparison_text(const Scenario& scenario, const std::vector<Result>& results);

std::string results_json(const Scenario& scenario, const std::vector<Result>& results);

// "AABAC": the peers' letters in the order of the attempts; in lower case: it refused; "-": no live
// upstreams.  With more than 26 peers there are blanks between them.
std::string picks_text(const Scenario& scenario, const Result& result);
// "refuses connections": what an event is for a person.
std::string event_text(const Scenario& scenario, const Event& event);

}  // namespace sluice::simulate
