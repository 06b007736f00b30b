// SPDX-License-Identifier: MIT
// `map SOURCE $name { … }` (ngx_http_map_module).  Its lines are no directives but rows of a table.
#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "confparse/rules/setters.h"
#include "confparse/values.h"

namespace sluice::confparse {
namespace {

// A table while its rows are read.
struct Reading {
  MapSettings& map;
  std::set<std::pair<MapKey, std::string>> known = {};  // where a repetition is an error
};

std::string in_lower_case(std::string_view text) {
  std::string letters(text);
  std::ranges::transform(letters, letters.begin(), lower_case);
  return letters;
}

// Of `hostnames`: which wildcard is it, and what is left of it (ngx_hash_add_key)?
MapKey wildcard_of(std::string& key, const Line& row) {
  MapKey kind = MapKey::text;
  std::string rest = key;
  if (key.size() > 1 && key.starts_with('.')) {
    kind = MapKey::dotted;
  } else if (key.size() > 2 && key.starts_with("*.")) {
    kind = MapKey::head;
    rest = key.substr(1);
  } else if (key.size() > 2 && key.ends_with(".*")) {
    kind = MapKey::tail;
    rest = key.substr(0, key.size() - 1);
  }
  if (rest.find('*') != std::string::npos || rest.find("..") != std::string::npos) {
    row.fail("invalid hostname or wildcard \"" + key + "\"",
             "an asterisk stands for whole labels, at the front or at the end only");
  }
  key = rest;
  return kind;
}

void claim(Reading& reading, MapKey kind, const std::string& key, const Line& row) {
  if (!reading.known.emplace(kind, key).second) {
    row.fail("conflicting parameter \"" + row.name() + "\"", "the table has this key already");
  }
}

void add_plain(Reading& reading, MapEntry entry, const Line& row) {
  std::string& key = entry.key.value;
  if (key.starts_with('\\')) {
    key.erase(0, 1);  // "\default" is no special word
  }
  key = in_lower_case(key);
  entry.kind = reading.map.hostnames ? wildcard_of(key, row) : MapKey::text;
  if (entry.kind == MapKey::dotted) {
    claim(reading, MapKey::head, key, row);
    claim(reading, MapKey::text, key.substr(1), row);
  } else {
    claim(reading, entry.kind, key, row);
  }
  reading.map.entries.push_back(std::move(entry));
}

void add_entry(Reading& reading, const Line& row) {
  MapEntry entry;
  entry.key = {row.name(), row.position()};
  entry.value = row.text_with_variables(0);
  std::string& key = entry.key.value;
  if (key == "default") {
    if (!reading.known.emplace(MapKey::fallback, "").second) {
      row.fail("duplicate default map parameter");
    }
    entry.kind = MapKey::fallback;
  } else if (key.starts_with("~*")) {
    entry.kind = MapKey::regex_nocase;
    key.erase(0, 2);
  } else if (key.starts_with('~')) {
    entry.kind = MapKey::regex;
    key.erase(0, 1);
  } else {
    add_plain(reading, std::move(entry), row);
    return;
  }
  reading.map.entries.push_back(std::move(entry));
}

void add_row(Reading& reading, const Line& row) {
  if (row.size() == 0 && row.name() == "hostnames") {
    reading.map.hostnames = true;
  } else if (row.size() == 0 && row.name() == "volatile") {
    reading.map.is_volatile = true;
  } else if (row.size() != 1 || row.directive().has_block) {
    row.fail("invalid number of the map parameters", "expected \"key value;\"");
  } else {
    add_entry(reading, row);
  }
}

void add_map(Line& line) {
  MapSettings map;
  map.source = line.text_with_variables(0);
  if (!line.word(1).starts_with('$') || line.word(1).size() < 2) {
    line.fail_at(1, "invalid variable name \"" + line.word(1) + "\"",
                 "expected the variable to be made, as in \"$name\"");
  }
  map.name = {line.word(1).substr(1), line.text(1).position};
  Reading reading{map};
  for (const Directive& child : line.directive().children) {
    add_row(reading, Line{child, line.scope()});
  }
  line.scope().http->maps.push_back(std::move(map));
}

constexpr std::array kRules{
    Rule{"map", kHttp, block(2), add_map, kRepeats},
};

}  // namespace

std::span<const Rule> map_rules() {
  return kRules;
}

}  // namespace sluice::confparse
