// SPDX-License-Identifier: MIT
// Headers that the configuration adds to answers: add_header, add_trailer, expires.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "confparse/settings/text.h"

namespace sluice::confparse {

// `add_header NAME VALUE [always];`  A value that expands to nothing means: do not add it.
struct AddedHeader {
  std::string name;
  Text value;
  bool always = false;  // whatever the status is
};

// What an inner block does with the lines of the outer ones: `add_header_inherit`.
enum class Inheritance : std::uint8_t { off, on, merge };

// The lines of a block beside those of the blocks around it.
struct AddedHeaders {
  std::vector<AddedHeader> outer;
  std::vector<AddedHeader> own;
  Inheritance inheritance = Inheritance::on;

  // What holds in this block: with `on`, the outer lines unless there are own ones.
  [[nodiscard]] std::vector<AddedHeader> effective() const;
  // As a block inside of this one begins.
  [[nodiscard]] AddedHeaders inside() const { return {effective(), {}, inheritance}; }
};

// `expires`.
struct ExpiresSetting {
  enum class Kind : std::uint8_t {
    off,
    epoch,     // in the past
    max,       // in 2037
    access,    // `time` from now
    modified,  // `time` from Last-Modified; from now where there is none
    daily,     // at this time of day
    variable,  // the text, read as the directive's word when the answer is made
  };
  Kind kind = Kind::off;
  std::chrono::seconds time{0};  // may be negative
  Text text;                     // of `variable`
  bool text_is_modified = false;
};

// "+1h", "-1", "@15h30m", "epoch", "max", "off".
struct ReadExpires {
  ExpiresSetting setting;
  std::string complaint;  // nginx's words, "invalid value"; empty: fine
};
ReadExpires read_expires(std::string_view word, bool modified);

struct HeaderSettings {
  AddedHeaders headers;
  ExpiresSetting expires;
};

}  // namespace sluice::confparse
