// SPDX-License-Identifier: MIT
// A word of the configuration that is compiled later: a text with variables, or a regex.
#pragma once

#include <string>

#include "confparse/position.h"

namespace sluice::confparse {

struct Text {
  std::string value;  // "https://$host$request_uri", as written, quotes and escapes resolved
  Position position;
};

}  // namespace sluice::confparse
