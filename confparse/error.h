// SPDX-License-Identifier: MIT
// A configuration that cannot be loaded: what is wrong, where, and the way out.
// Thrown while loading only; after start nothing throws.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "confparse/position.h"

namespace sluice::confparse {

class ConfigError : public std::runtime_error {
 public:
  // `message` is nginx's wording without the place: `unknown directive "foo"`.
  // `advice` is ours: what was expected, or `did you mean "bar"?`; may be empty.
  ConfigError(Position position, const std::string& message, std::string advice = {});

  [[nodiscard]] const Position& position() const { return position_; }
  [[nodiscard]] const std::string& advice() const { return advice_; }

 private:
  Position position_;
  std::string advice_;
};

// Something odd that does not stop the start; shown and logged the same way.
struct Warning {
  Position position;
  std::string message;
  std::string advice;
};

// `conf/full.conf:31`, to point at another place from an advice.
std::string where(const Position& position);

// `message in file:line:column`, as it goes into a log.
std::string one_line(const Position& position, std::string_view message);

// The same followed by the line itself, a caret under the word, and the advice:
//
//   unknown directive "proxy_reed_timeout" in conf/full.conf:31:5
//      31 |     proxy_reed_timeout 5s;
//         |     ^~~~~~~~~~~~~~~~~~
//         = did you mean "proxy_read_timeout"?
std::string explain(const Position& position, std::string_view message, std::string_view advice);

}  // namespace sluice::confparse
