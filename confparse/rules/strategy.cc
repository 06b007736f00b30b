// SPDX-License-Identifier: MIT
#include "confparse/rules/strategy.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>

namespace sluice::confparse {
namespace {

const StrategyRow* find_row(const Loading& loading, std::string_view directive) {
  const auto& rows = loading.request.strategies;
  const auto row = std::ranges::find(rows, directive, &StrategyRow::directive);
  return row == rows.end() || row->directive.empty() ? nullptr : &*row;
}

// The complaint quotes the word it is about; without one the caret stays under the name.
[[noreturn]] void complain(const Line& line, const std::string& complaint) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (complaint.find("\"" + line.word(i) + "\"") != std::string::npos) {
      line.fail_at(i, complaint);
    }
  }
  line.fail(complaint);
}

// For nginx "keepalive" is a method that wraps the one before it.  The old fair module never looks.
bool is_behind_keepalive(const Line& line) {
  const Scope& scope = line.scope();
  return scope.used.contains(&scope.upstream->keepalive) && line.name() != "fair";
}

void set_strategy(Line& line) {
  auto& upstream = line.part<UpstreamSettings>();
  const StrategyRow& row = *find_row(line.scope().loading, line.name());
  if (!upstream.method.empty()) {
    line.warn(line.position(), "load balancing method redefined",
              "the last one is used: \"" + line.name() + "\"");
  } else if (is_behind_keepalive(line)) {
    line.warn(line.position(), "load balancing method redefined",
              "nothing is lost here; for nginx \"keepalive\" has to stand behind the method");
  }
  upstream.method = line.name();
  upstream.method_position = line.position();
  upstream.method_words.clear();
  for (const Word& word : line.directive().args) {
    upstream.method_words.push_back(word.text);
  }
  if (row.has_key && line.size() > 0) {
    upstream.method_key = line.text_with_variables(0);
  }
  if (!row.complaint) {
    return;
  }
  if (const std::string complaint = row.complaint(upstream.method_words); !complaint.empty()) {
    complain(line, complaint);
  }
}

// Where the weight of the `number`th server is written; the server itself when it is not.
const Position& position_of_weight(const Line& block, const UpstreamSettings& upstream,
                                   std::size_t number) {
  const Position* found = &upstream.servers[number].position;
  for (const Directive& line : block.directive().children) {
    if (line.name.text != "server" || number-- != 0) {
      continue;
    }
    for (const Word& word : line.args) {
      found = word.text.starts_with("weight=") ? &word.position : found;
    }
    break;
  }
  return *found;
}

// A strategy that lists each unit of weight would fill the memory with huge ones.
void check_weights(const Line& block, const UpstreamSettings& upstream, const StrategyRow& row) {
  const std::uint64_t most = row.most_weight ? row.most_weight(upstream.method_words) : 0;
  if (most == 0) {
    return;
  }
  std::uint64_t total = 0;
  std::optional<std::size_t> too_many;
  for (std::size_t i = 0; i < upstream.servers.size(); ++i) {
    total += upstream.servers[i].weight;
    too_many = too_many || total <= most ? too_many : i;
  }
  if (too_many) {
    std::string method = upstream.method;
    for (const std::string& word : upstream.method_words) {
      method += " " + word;
    }
    throw ConfigError(
        position_of_weight(block, upstream, *too_many),
        "total weight " + std::to_string(total) + " is too large for \"" + method + "\"",
        "at most " + std::to_string(most) +
            " here; smaller weights in the same proportion do the same");
  }
}

}  // namespace

std::vector<Rule> strategy_rules(std::span<const StrategyRow> strategies) {
  std::vector<Rule> rules;
  for (const StrategyRow& row : strategies) {
    if (!row.directive.empty()) {
      rules.push_back({row.directive, kUpstream, takes(row.least_words, row.most_words),
                       set_strategy, kRepeats});
    }
  }
  return rules;
}

void check_servers(const Line& block, const UpstreamSettings& upstream) {
  const StrategyRow* row = find_row(block.scope().loading, upstream.method);
  if (row == nullptr) {
    return;
  }
  check_weights(block, upstream, *row);
  if (row->takes_backup) {
    return;
  }
  for (const Directive& server : block.directive().children) {
    if (server.name.text != "server" || server.args.empty()) {
      continue;
    }
    // The first word is an address.
    for (const Word& word : std::span(server.args).subspan(1)) {
      const bool is_backup = word.text == "backup";
      if (is_backup || word.text.starts_with("slow_start=")) {
        throw ConfigError(word.position,
                          "balancing method does not support parameter \"" + word.text + "\"",
                          "\"" + upstream.method + "\" has no use for " +
                              (is_backup ? "backup servers" : "a slow start"));
      }
    }
  }
}

}  // namespace sluice::confparse
