// SPDX-License-Identifier: MIT
#include "simulate/option_values.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "confparse/values.h"

namespace sluice::simulate {
namespace {

constexpr std::uint64_t kMostNumber = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kMostPopulation = 1'000'000;
constexpr std::uint64_t kLongestService = 60'000'000;  // a minute, in microseconds
constexpr std::uint64_t kMostWhole = 1'000'000'000;

// "1", "0.25", "12.5": in thousandths, for milliseconds → microseconds.  Nothing: not a number.
std::optional<std::uint64_t> thousandths(std::string_view word) {
  const auto point = word.find('.');
  const auto whole = confparse::parse_number(word.substr(0, point));
  std::string digits(point == word.npos ? "" : word.substr(point + 1));
  if (!whole || *whole > kMostWhole || digits.size() > 3 ||
      (point != word.npos && digits.empty())) {
    return std::nullopt;
  }
  digits.append(3 - digits.size(), '0');
  const auto rest = confparse::parse_number(digits);
  return rest ? std::optional(*whole * 1000 + *rest) : std::nullopt;
}

// One end of a window, "100" or "2.5s"; empty: the end of the run.
struct Moment {
  bool in_time = false;
  std::uint64_t value = kMostNumber;
};

std::optional<Moment> parse_moment(std::string_view word) {
  if (word.empty()) {
    return Moment{};
  }
  if (word.ends_with('s')) {
    const auto milliseconds = thousandths(word.substr(0, word.size() - 1));
    return milliseconds ? std::optional(Moment{true, *milliseconds * 1000}) : std::nullopt;
  }
  const auto requests = confparse::parse_number(word);
  return requests ? std::optional(Moment{false, *requests}) : std::nullopt;
}

Window parse_window(std::string_view word) {
  const BadValue wrong{
      "FROM-TO after \"@\", in requests (\"100-300\") or in virtual seconds (\"1s-2.5s\")"};
  const auto dash = word.find('-');
  if (dash == word.npos || dash == 0) {
    throw wrong;
  }
  const auto from = parse_moment(word.substr(0, dash));
  const auto to = parse_moment(word.substr(dash + 1));
  if (!from || !to) {
    throw wrong;
  }
  const bool open = dash + 1 == word.size();
  if (!open && from->in_time != to->in_time) {
    throw BadValue{"FROM and TO in the same unit, both in requests or both with \"s\""};
  }
  if (from->value >= to->value) {
    throw BadValue{"FROM before TO"};
  }
  return {from->in_time, from->value, to->value};
}

}  // namespace

std::uint64_t number(std::string_view word, std::uint64_t least, std::uint64_t most) {
  const auto value = confparse::parse_number(word);
  if (!value || *value < least || *value > most) {
    throw BadValue{"a whole number from " + std::to_string(least) + " to " + std::to_string(most)};
  }
  return *value;
}

// A peer's name may have '@' in it only in theory (unix: paths); the last one counts.
DownOption parse_down(std::string_view word) {
  const auto at = word.rfind('@');
  if (at == word.npos || at == 0) {
    throw BadValue{"PEER@FROM-TO, as in \"10.0.0.1:8000@100-300\""};
  }
  return {std::string(word.substr(0, at)), parse_window(word.substr(at + 1))};
}

SlowOption parse_slow(std::string_view word) {
  SlowOption slow;
  const auto equals = word.rfind('=');
  if (equals == word.npos || equals == 0) {
    throw BadValue{"PEER=MS, as in \"10.0.0.1:8000=25\""};
  }
  slow.peer = word.substr(0, equals);
  std::string_view time = word.substr(equals + 1);
  if (const auto at = time.find('@'); at != time.npos) {
    slow.window = parse_window(time.substr(at + 1));
    time = time.substr(0, at);
  }
  const auto micros = thousandths(time);
  if (!micros || *micros == 0 || *micros > kLongestService) {
    throw BadValue{"milliseconds from 0.001 to 60000 after \"=\""};
  }
  slow.service_time = Micros{static_cast<std::int64_t>(*micros)};
  return slow;
}

Population parse_population(std::string_view word) {
  const bool is_number = word.find_first_not_of("0123456789") == word.npos;
  if (word.empty() || is_number) {
    return {"", number(word, 1, kMostPopulation)};
  }
  return {std::string(word), 0};
}

std::vector<std::string> split_methods(std::string_view word) {
  std::vector<std::string> methods;
  for (std::size_t begin = 0; begin <= word.size();) {
    const std::size_t end = std::min(word.find(',', begin), word.size());
    const auto method = word.substr(begin, end - begin);
    if (method.find_first_not_of(' ') == method.npos) {
      throw BadValue{"methods with commas between them, as in \"round_robin,ip_hash\""};
    }
    methods.emplace_back(method);
    begin = end + 1;
  }
  return methods;
}

}  // namespace sluice::simulate
