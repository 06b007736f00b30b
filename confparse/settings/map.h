// SPDX-License-Identifier: MIT
// `map SOURCE $name { … }`: a variable whose value is looked up by another text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "confparse/settings/text.h"

namespace sluice::confparse {

enum class MapKey : std::uint8_t {
  fallback,      // default
  text,          // as it is, whatever the case
  head,          // hostnames: "*.example.com"
  dotted,        // hostnames: ".example.com", the same and example.com itself
  tail,          // hostnames: "www.example.*"
  regex,         // ~pattern
  regex_nocase,  // ~*pattern
};

struct MapEntry {
  MapKey kind = MapKey::text;
  Text key;    // without `~`, `~*` and asterisk: "pattern", ".example.com", "www.example."; not a
               // regex: in lower case
  Text value;  // with variables and groups
};

struct MapSettings {
  Text source;
  Text name;               // without the dollar
  bool hostnames = false;  // a dot at the end of what is looked up does not count
  bool is_volatile = false;
  std::vector<MapEntry> entries;
};

}  // namespace sluice::confparse
