// SPDX-License-Identifier: MIT
// `map SOURCE $name { … }`: looked up when first asked for, then the same for the whole exchange
// unless `volatile`.
//
// Exact keys, "*.example.com", "www.example.*", then regexes in their order, then `default`.
// Against nginx: what a map's regex catches is $1…$9 in that map's value only, so a location's
// groups stay what they are.  Named groups are variables everywhere, as in nginx.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "confparse/settings/map.h"
#include "routing/pattern.h"
#include "routing/remembered.h"
#include "routing/template.h"
#include "routing/variables.h"

namespace sluice::routing {

class Map final : public Computed {
 public:
  // Makes $name and the named groups known.  Throws confparse::ConfigError.
  Map(const confparse::MapSettings& settings, VariableTable& variables);
  // Once every name is known: what the map is made of.
  void compile(const VariableTable& variables);

  void append(std::string& out, const Facts& facts, std::uint16_t slot) const override;

  [[nodiscard]] const confparse::Text& name() const { return settings_.name; }
  // The maps whose variables this one uses.
  [[nodiscard]] std::vector<const Map*> uses() const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  // Key -> index of the value.
  using Keys = std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>>;
  struct Regex {
    Pattern pattern;
    std::size_t value;
  };

  void add(const confparse::MapEntry& entry, std::size_t value, VariableTable& variables);
  // Null: nothing fits, and there is no default.
  const Template* find(Remembered& remembered, Remembered::Value& here, bool& has_groups) const;
  [[nodiscard]] const std::size_t* find_host(std::string_view host) const;

  const confparse::MapSettings& settings_;
  Template source_;
  std::vector<Template> values_;  // by entry
  Keys exact_;
  Keys heads_;  // ".example.com"
  Keys tails_;  // "www.example."
  std::vector<Regex> regexes_;
  std::optional<std::size_t> default_;
};

// Every map of a configuration.
class Maps {
 public:
  // `settings` must outlive this.  Throws confparse::ConfigError, as compile() does.
  Maps(const std::vector<confparse::MapSettings>& settings, VariableTable& variables);
  // After every name is known.  Refuses maps that need each other's values.
  void compile(const VariableTable& variables);

 private:
  std::deque<Map> maps_;  // their addresses are the table's
};

}  // namespace sluice::routing
