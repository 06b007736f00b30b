// SPDX-License-Identifier: MIT
// The head of an answer made here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proxy/heads.h"
#include "proxy/location.h"
#include "routing/facts.h"

namespace sluice::proxy {

struct OwnAnswer {
  std::uint16_t status = 200;
  std::string_view content_type = {};   // empty: no such header
  std::string_view location = {};       // of a redirect; empty: no such header
  bool location_is_ours = false;        // we made it absolute: nginx then sends it earlier
  std::string_view last_modified = {};  // of a file, with its entity tag
  std::string_view entity_tag = {};
  RangeHeaders ranges = {};
};

// `facts` are for the texts of what the configuration adds.
void append_own_head(std::string& out, const OwnAnswer& answer, const AnswerFrame& frame,
                     const Location& location, const routing::Facts& facts);

}  // namespace sluice::proxy
