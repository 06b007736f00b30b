// SPDX-License-Identifier: MIT
#include "simulate/method.h"

#include <algorithm>
#include <iterator>
#include <sstream>

#include "balancers/strategies.h"
#include "confparse/suggest.h"
#include "confparse/values.h"
#include "simulate/error.h"

namespace sluice::simulate {
namespace {

constexpr std::string_view kRoundRobin = "round_robin";  // the method without a directive

const balancers::Strategy& strategy_of(const std::string& name) {
  const balancers::Strategy* found =
      name.empty() ? nullptr : balancers::find_strategy(name == kRoundRobin ? "" : name);
  if (found != nullptr) {
    return *found;
  }
  std::vector<std::string_view> names;
  for (const balancers::Strategy& strategy : balancers::strategies()) {
    names.push_back(strategy.directive.empty() ? kRoundRobin : strategy.directive);
  }
  throw Error("unknown method \"" + name + "\" in option \"--compare\"; " +
              confparse::expected_one_of(name, names));
}

}  // namespace

confparse::UpstreamSettings with_method(confparse::UpstreamSettings upstream,
                                        const std::string& method) {
  std::istringstream stream(method);
  std::string name;
  stream >> name;
  const balancers::Strategy& strategy = strategy_of(name);
  upstream.method = strategy.directive;
  upstream.method_words.assign(std::istream_iterator<std::string>(stream), {});
  upstream.method_key = {};
  const std::vector<std::string>& words = upstream.method_words;
  const std::string where = " in option \"--compare\", method \"" + method + "\"";
  if (words.size() < strategy.least_words || words.size() > strategy.most_words) {
    throw Error("invalid number of arguments in \"" + name + "\" directive" + where);
  }
  if (strategy.has_key) {
    upstream.method_key.value = words[0];
    if (const std::string wrong = confparse::variable_complaint(words[0]); !wrong.empty()) {
      throw Error(wrong + where);
    }
  }
  if (const std::string wrong = strategy.complaint(words); !wrong.empty()) {
    throw Error(wrong + where);
  }
  if (!strategy.takes_backup &&
      std::ranges::any_of(upstream.servers, &confparse::UpstreamServer::backup)) {
    throw Error("balancing method does not support parameter \"backup\"" + where);
  }
  std::uint64_t total = 0;
  for (const confparse::UpstreamServer& server : upstream.servers) {
    total += server.weight;
  }
  if (const std::uint64_t most = strategy.most_weight(words); most != 0 && total > most) {
    throw Error("total weight " + std::to_string(total) + " is too large, at most " +
                std::to_string(most) + where);
  }
  return upstream;
}

std::string method_name(const confparse::UpstreamSettings& upstream) {
  std::string name(upstream.method.empty() ? kRoundRobin : upstream.method);
  for (const std::string& word : upstream.method_words) {
    name += " " + word;
  }
  return name;
}

}  // namespace sluice::simulate
