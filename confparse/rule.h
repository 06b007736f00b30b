// SPDX-License-Identifier: MIT
// A directive is one row: its name, where it may stand, how many words, what it sets.
// The rows are in rules/, a file per subject; find_rule.h looks one up.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace sluice::confparse {

class Line;

// Where a directive may stand: one bit a context.
using Contexts = std::uint32_t;
inline constexpr Contexts kMain = 1;
inline constexpr Contexts kEvents = 2;
inline constexpr Contexts kHttp = 4;
inline constexpr Contexts kServer = 8;
inline constexpr Contexts kLocation = 16;
inline constexpr Contexts kUpstream = 32;
inline constexpr Contexts kAnyHttp = kHttp | kServer | kLocation;

enum class Shape : std::uint8_t { simple, block, either };  // ends in `;`, in `{ }`, we do not care

struct Words {
  std::size_t least = 0;
  std::size_t most = 0;
  Shape shape = Shape::simple;
};

inline constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();
constexpr Words takes(std::size_t words) {
  return {words, words};
}
constexpr Words takes(std::size_t least, std::size_t most) {
  return {least, most};
}
constexpr Words block(std::size_t words) {
  return {words, words, Shape::block};
}
constexpr Words block(std::size_t least, std::size_t most) {
  return {least, most, Shape::block};
}

// What a row does with its line, and how the default reads in docs/DIRECTIVES.md.
struct Setter {
  void (*set)(Line& line) = nullptr;
  std::string (*shown_default)() = nullptr;

  constexpr Setter(void (*set_line)(Line&), std::string (*shown)() = nullptr)  // NOLINT: a row says
      : set(set_line), shown_default(shown) {}                                 // just the function
};

enum class Standing : std::uint8_t {
  works,      // does what it says
  no_effect,  // tunes nginx's own machinery: checked, then forgotten
  ignored,    // tuning that would have an effect in nginx: accepted with a warning
  refused,    // would change answers or access: an error until we can do it
};

// How a row differs from the usual directive.
inline constexpr unsigned kRepeats = 1;  // may stand more than once in a block
inline constexpr unsigned kEnters = 2;   // its children are directives: applied after plain lines

struct Rule {
  std::string_view name;
  Contexts contexts;
  Words words;
  Setter setter;
  unsigned traits = 0;
  std::string_view default_text = {};  // where the setter cannot show it
  Standing standing = Standing::works;
};

// The rows by subject.
std::span<const Rule> main_rules();
std::span<const Rule> events_rules();
std::span<const Rule> http_rules();
std::span<const Rule> core_rules();
std::span<const Rule> keep_alive_rules();
std::span<const Rule> server_rules();
std::span<const Rule> location_rules();
std::span<const Rule> content_rules();
std::span<const Rule> header_rules();
std::span<const Rule> proxy_rules();
std::span<const Rule> proxy_head_rules();
std::span<const Rule> transfer_rules();
std::span<const Rule> real_ip_rules();
std::span<const Rule> resolver_rules();
std::span<const Rule> upstream_rules();
std::span<const Rule> log_rules();
std::span<const Rule> map_rules();
std::span<const Rule> tuning_rules();
std::span<const Rule> not_yet_rules();

}  // namespace sluice::confparse
