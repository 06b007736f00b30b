// SPDX-License-Identifier: MIT
// The order of the lookups is ngx_http_map_find's.
#include "routing/map.h"

#include <algorithm>
#include <utility>

#include "confparse/error.h"

namespace sluice::routing {
namespace {

using confparse::ConfigError;
using confparse::MapEntry;
using confparse::MapKey;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// Depth first; `path` are the maps that ask for this one.
void refuse_cycle(const Map& map, std::vector<const Map*>& path, std::vector<const Map*>& done) {
  if (std::ranges::find(done, &map) != done.end()) return;
  if (const auto begin = std::ranges::find(path, &map); begin != path.end()) {
    std::string names;
    for (auto each = begin; each != path.end(); ++each) {
      names.append("$").append((*each)->name().value).append(" -> ");
    }
    throw ConfigError(map.name().position,
                      "cycle while evaluating variable \"" + map.name().value + "\"",
                      "each needs the next one's value: " + names + "$" + map.name().value);
  }
  path.push_back(&map);
  for (const Map* used : map.uses()) refuse_cycle(*used, path, done);
  path.pop_back();
  done.push_back(&map);
}

}  // namespace

Map::Map(const confparse::MapSettings& settings, VariableTable& variables) : settings_(settings) {
  if (!variables.define(settings.name.value, *this)) {
    throw ConfigError(settings.name.position,
                      "the duplicate \"" + settings.name.value + "\" variable",
                      "nginx has a variable of that name: call it something else");
  }
  for (std::size_t i = 0; i < settings.entries.size(); ++i) add(settings.entries[i], i, variables);
}

void Map::add(const MapEntry& entry, std::size_t value, VariableTable& variables) {
  switch (entry.kind) {
    case MapKey::fallback:
      default_ = value;
      return;
    case MapKey::text:
      exact_.emplace(entry.key.value, value);
      return;
    case MapKey::dotted:
      exact_.emplace(entry.key.value.substr(1), value);
      [[fallthrough]];
    case MapKey::head:
      heads_.emplace(entry.key.value, value);
      return;
    case MapKey::tail:
      tails_.emplace(entry.key.value, value);
      return;
    case MapKey::regex:
      regexes_.push_back({Pattern(entry.key, Pattern::Case::sensitive, variables), value});
      return;
    case MapKey::regex_nocase:
      regexes_.push_back({Pattern(entry.key, Pattern::Case::insensitive, variables), value});
      return;
  }
}

void Map::compile(const VariableTable& variables) {
  source_ = Template(settings_.source, variables);
  for (const MapEntry& entry : settings_.entries) values_.emplace_back(entry.value, variables);
}

std::vector<const Map*> Map::uses() const {
  std::vector<const Map*> maps;
  const auto add_all = [&](const Template& text) {
    for (const Computed* computed : text.computed()) {
      if (const auto* map = dynamic_cast<const Map*>(computed)) maps.push_back(map);
    }
  };
  add_all(source_);
  std::ranges::for_each(values_, add_all);
  return maps;
}

void Map::append(std::string& out, const Facts& facts, std::uint16_t slot) const {
  if (facts.remembered == nullptr) return;
  Remembered& remembered = *facts.remembered;
  Remembered::Value& here = remembered.at(slot);
  here.subject.clear();
  source_.append_to(here.subject, facts);
  bool has_groups = false;
  const Template* value = find(remembered, here, has_groups);
  here.text.clear();
  if (value != nullptr && has_groups) {
    const auto outer = std::exchange(remembered.groups, here.groups);
    value->append_to(here.text, facts);
    remembered.groups = outer;
  } else if (value != nullptr) {
    value->append_to(here.text, facts);
  }
  if (!settings_.is_volatile) remembered.keep(slot);
  out += here.text;
}

const Template* Map::find(Remembered& remembered, Remembered::Value& here, bool& has_groups) const {
  here.key.resize(here.subject.size());
  std::ranges::transform(here.subject, here.key.begin(), lower);
  if (settings_.hostnames && here.key.ends_with('.')) here.key.pop_back();
  if (const auto found = exact_.find(here.key); found != exact_.end()) {
    return &values_[found->second];
  }
  if (const std::size_t* found = find_host(here.key)) return &values_[*found];
  std::string_view subject = here.subject;
  subject = subject.substr(0, here.key.size());
  for (const Regex& regex : regexes_) {
    if (subject.empty()) break;  // nginx does not ask them either
    if (regex.pattern.search(subject, here.groups, remembered)) {
      has_groups = true;
      return &values_[regex.value];
    }
  }
  return default_ ? &values_[*default_] : nullptr;
}

// The longest one wins, and a head before any tail.
const std::size_t* Map::find_host(std::string_view host) const {
  if (heads_.empty() && tails_.empty()) return nullptr;
  for (auto dot = host.find('.'); dot != host.npos; dot = host.find('.', dot + 1)) {
    const auto found = dot > 0 ? heads_.find(host.substr(dot)) : heads_.end();
    if (found != heads_.end()) return &found->second;
  }
  for (auto dot = host.rfind('.'); dot != host.npos; dot = host.rfind('.', dot - 1)) {
    const auto found = tails_.find(host.substr(0, dot + 1));
    if (found != tails_.end()) return &found->second;
    if (dot == 0) break;
  }
  return nullptr;
}

Maps::Maps(const std::vector<confparse::MapSettings>& settings, VariableTable& variables) {
  for (const confparse::MapSettings& map : settings) maps_.emplace_back(map, variables);
}

void Maps::compile(const VariableTable& variables) {
  for (Map& map : maps_) map.compile(variables);
  std::vector<const Map*> path;
  std::vector<const Map*> done;
  for (const Map& map : maps_) refuse_cycle(map, path, done);
}

}  // namespace sluice::routing
