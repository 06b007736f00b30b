// SPDX-License-Identifier: MIT
// The location block: what it matches, and nginx's checks on how they nest.
#include <array>

#include "confparse/rules/setters.h"

namespace sluice::confparse {
namespace {

struct Modifier {
  std::string_view sign;
  MatchKind kind;
};

// The longer sign first: `~*` begins with `~`.
constexpr std::array kModifiers{
    Modifier{"=", MatchKind::exact},
    Modifier{"^~", MatchKind::prefix_final},
    Modifier{"~*", MatchKind::regex_nocase},
    Modifier{"~", MatchKind::regex},
};

bool is_regex(MatchKind kind) {
  return kind == MatchKind::regex || kind == MatchKind::regex_nocase;
}

// `location ~ \.php$` in two words.
void read_spaced(const Line& line, LocationBlock& location) {
  for (const Modifier& modifier : kModifiers) {
    if (line.word(0) == modifier.sign) {
      location.kind = modifier.kind;
      location.pattern = line.text(1);
      return;
    }
  }
  line.fail_at(0, "invalid location modifier \"" + line.word(0) + "\"",
               "expected one of = ~ ~* ^~");
}

// `location /path`, `location @name`, and the glued `location ~\.php$`.
void read_glued(const Line& line, LocationBlock& location) {
  location.pattern = line.text(0);
  std::string& pattern = location.pattern.value;
  for (const Modifier& modifier : kModifiers) {
    if (pattern.starts_with(modifier.sign)) {
      location.kind = modifier.kind;
      pattern.erase(0, modifier.sign.size());
      return;
    }
  }
  location.kind = pattern.starts_with('@') ? MatchKind::named : MatchKind::prefix;
}

void check_inside(const Line& line, const LocationBlock& outer, const LocationBlock& inner) {
  const std::string name = "location \"" + inner.pattern.value + "\"";
  const std::string& outer_name = outer.pattern.value;
  const std::size_t word = line.size() - 1;
  if (outer.kind == MatchKind::exact) {
    line.fail_at(word, name + " cannot be inside the exact location \"" + outer_name + "\"");
  }
  if (outer.kind == MatchKind::named) {
    line.fail_at(word, name + " cannot be inside the named location \"" + outer_name + "\"");
  }
  if (inner.kind == MatchKind::named) {
    line.fail_at(word, "named " + name + " can be on the server level only");
  }
  if (!is_regex(inner.kind) && !inner.pattern.value.starts_with(outer_name)) {
    line.fail_at(word, name + " is outside location \"" + outer_name + "\"",
                 "an inner location begins with the whole path of the outer one");
  }
}

// Two prefixes, or two exact paths.  nginx lets regexes and names repeat: the first one wins.
void check_unique(const Line& line, const std::vector<LocationBlock>& siblings,
                  const LocationBlock& location) {
  const auto is_prefix = [](MatchKind kind) {
    return kind == MatchKind::prefix || kind == MatchKind::prefix_final;
  };
  for (const LocationBlock& other : siblings) {
    const bool same_kind =
        other.kind == location.kind || (is_prefix(other.kind) && is_prefix(location.kind));
    if (!same_kind || other.pattern.value != location.pattern.value) {
      continue;
    }
    const std::string message = "duplicate location \"" + location.pattern.value + "\"";
    const std::string advice = "the first one is in " + where(other.pattern.position);
    if (is_regex(location.kind) || location.kind == MatchKind::named) {
      line.warn(location.pattern.position, message, advice + ", and wins");
    } else {
      line.fail_at(line.size() - 1, message, advice);
    }
  }
}

void enter_location(Line& line) {
  const Scope& outer = line.scope();
  LocationBlock location;
  location.settings = outer.location->inside();
  line.size() == 2 ? read_spaced(line, location) : read_glued(line, location);
  if (outer.here != nullptr) {
    check_inside(line, *outer.here, location);
  }
  check_unique(line, *outer.locations, location);

  Scope scope{outer.loading, kLocation};
  scope.http = outer.http;
  scope.server = outer.server;
  scope.location = &location.settings;
  scope.content = &location.content;
  scope.here = &location;
  scope.locations = &location.locations;
  apply_block(line.directive().children, scope);
  outer.locations->push_back(std::move(location));
}

constexpr std::array kRules{
    Rule{"location", kServer | kLocation, block(1, 2), enter_location, kRepeats | kEnters},
};

}  // namespace

std::span<const Rule> location_rules() {
  return kRules;
}

}  // namespace sluice::confparse
