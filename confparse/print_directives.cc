// SPDX-License-Identifier: MIT
#include "confparse/print_directives.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "confparse/find_rule.h"
#include "confparse/rules/strategy.h"

namespace sluice::confparse {
namespace {

std::string_view standing_text(Standing standing) {
  switch (standing) {
    case Standing::works:
      return "works";
    case Standing::no_effect:
      return "accepted, no effect";
    case Standing::ignored:
      return "accepted with a warning, no effect";
    case Standing::refused:
      return "not supported yet";
  }
  return "";
}

std::string words_text(const Rule& rule) {
  if (rule.words.shape == Shape::either) {
    return "";
  }
  const bool only_block = rule.words.shape == Shape::block && rule.words.most == 0;
  const std::string block = rule.words.shape == Shape::block ? "block" : "";
  return only_block ? block : word_count(rule.words) + (block.empty() ? "" : ", " + block);
}

std::string default_text(const Rule& rule) {
  std::string text = rule.setter.shown_default != nullptr ? rule.setter.shown_default()
                                                          : std::string(rule.default_text);
  return text.empty() ? "" : "`" + text + "`";
}

}  // namespace

void print_directives(std::ostream& out, std::span<const StrategyRow> strategies) {
  std::vector<Rule> rules = strategy_rules(strategies);
  rules.insert(rules.end(), all_rules().begin(), all_rules().end());
  std::ranges::stable_sort(rules, {},
                           [](const Rule& rule) { return std::tuple(rule.name, rule.contexts); });
  out << "| directive | may stand in | words | default | state |\n"
         "|---|---|---|---|---|\n";
  for (const Rule& rule : rules) {
    out << "| `" << rule.name << "` | " << context_names(rule.contexts) << " | " << words_text(rule)
        << " | " << default_text(rule) << " | " << standing_text(rule.standing) << " |\n";
  }
}

}  // namespace sluice::confparse
