// SPDX-License-Identifier: MIT
#include "confparse/find_rule.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "confparse/error.h"
#include "confparse/suggest.h"

namespace sluice::confparse {
namespace {

struct ContextName {
  Contexts bit;
  std::string_view name;
};

constexpr std::array kContextNames{
    ContextName{kMain, "main"},         ContextName{kEvents, "events"},
    ContextName{kHttp, "http"},         ContextName{kServer, "server"},
    ContextName{kLocation, "location"}, ContextName{kUpstream, "upstream"},
};

std::vector<Rule> collect() {
  std::vector<Rule> rules;
  for (const auto rows :
       {main_rules, events_rules, http_rules, core_rules, keep_alive_rules, server_rules,
        location_rules, content_rules, proxy_rules, proxy_head_rules, header_rules, transfer_rules,
        resolver_rules, real_ip_rules, upstream_rules, log_rules, map_rules, tuning_rules,
        not_yet_rules}) {
    const std::span<const Rule> part = rows();
    rules.insert(rules.end(), part.begin(), part.end());
  }
  return rules;
}

std::string quoted(std::string_view word) {
  return "\"" + std::string(word) + "\"";
}

}  // namespace

const std::vector<Rule>& all_rules() {
  static const std::vector<Rule> rules = collect();
  return rules;
}

const Rule& RuleBook::find(const Directive& line, Contexts context) const {
  const std::string& name = line.name.text;
  if (const Rule* rule = look_up(name, context)) {
    check_shape(line, *rule, context);
    return *rule;
  }
  if (const Contexts allowed = contexts_of(name); allowed != 0) {
    throw ConfigError(line.name.position, quoted(name) + " directive is not allowed here",
                      quoted(name) + " may stand in: " + context_names(allowed));
  }
  throw ConfigError(line.name.position, "unknown directive " + quoted(name),
                    nearest_name(name, context));
}

const Rule* RuleBook::look_up(std::string_view name, Contexts context) const {
  for (const std::vector<Rule>* rules : {&strategies_, &all_rules()}) {
    const auto found = std::ranges::find_if(*rules, [&](const Rule& rule) {
      return rule.name == name && (rule.contexts & context) != 0;
    });
    if (found != rules->end()) {
      return &*found;
    }
  }
  return nullptr;
}

Contexts RuleBook::contexts_of(std::string_view name) const {
  Contexts contexts = 0;
  for (const std::vector<Rule>* rules : {&strategies_, &all_rules()}) {
    for (const Rule& rule : *rules) {
      contexts |= rule.name == name ? rule.contexts : 0;
    }
  }
  return contexts;
}

// Names allowed here first; `include` is not a row, for the reader has taken it out.
std::string RuleBook::nearest_name(std::string_view name, Contexts context) const {
  std::vector<std::string_view> here{"include"};
  std::vector<std::string_view> anywhere;
  for (const std::vector<Rule>* rules : {&strategies_, &all_rules()}) {
    for (const Rule& rule : *rules) {
      ((rule.contexts & context) != 0 ? here : anywhere).push_back(rule.name);
    }
  }
  const std::string_view near = nearest(name, here);
  const std::string_view far = nearest(name, anywhere);
  // One farther away must be clearly nearer in spelling to win.
  const bool here_wins =
      !near.empty() && (far.empty() || edit_distance(name, near) <= edit_distance(name, far) + 1);
  const std::string_view found = here_wins ? near : far;
  return found.empty() ? "" : "did you mean " + quoted(found) + "?";
}

std::string RuleBook::missing_semicolon(const Directive& line, Contexts context) const {
  std::uint32_t before = line.name.position.line;
  for (const Word& word : line.args) {
    const bool next_line = word.position.line > before && !word.quoted;
    if (next_line && (look_up(word.text, context) != nullptr || word.text == "include")) {
      return "is the \";\" missing at the end of line " + std::to_string(before) + "?";
    }
    before = word.position.line;
  }
  return {};
}

void RuleBook::check_shape(const Directive& line, const Rule& rule, Contexts context) const {
  const std::string& name = line.name.text;
  const Words& words = rule.words;
  if (words.shape == Shape::simple && line.has_block) {
    const std::string advice = missing_semicolon(line, context);
    throw ConfigError(line.end, "directive " + quoted(name) + " is not terminated by \";\"",
                      advice.empty() ? quoted(name) + " has no block" : advice);
  }
  if (words.shape == Shape::block && !line.has_block) {
    throw ConfigError(line.end, "directive " + quoted(name) + " has no opening \"{\"");
  }
  if (line.args.size() < words.least || line.args.size() > words.most) {
    const std::string advice = missing_semicolon(line, context);
    const bool too_many = line.args.size() > words.most;
    throw ConfigError(too_many ? line.args[words.most].position : line.name.position,
                      "invalid number of arguments in " + quoted(name) + " directive",
                      advice.empty() ? quoted(name) + " takes " + word_count(words) : advice);
  }
}

std::string context_names(Contexts contexts) {
  std::string names;
  for (const ContextName& context : kContextNames) {
    if ((contexts & context.bit) != 0) {
      names.append(names.empty() ? "" : ", ").append(context.name);
    }
  }
  return names;
}

std::string word_count(const Words& words) {
  const auto count = [](std::size_t number) {
    return number == 0 ? std::string("no word")
                       : std::to_string(number) + (number == 1 ? " word" : " words");
  };
  if (words.most == kAnyNumber) {
    return words.least == 0 ? "any number of words" : "at least " + count(words.least);
  }
  if (words.least == words.most) {
    return count(words.least);
  }
  return std::to_string(words.least) + (words.most == words.least + 1 ? " or " : " to ") +
         count(words.most);
}

}  // namespace sluice::confparse
