// SPDX-License-Identifier: MIT
// May this header line pass?  Looks at the name and its colon only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/head.h"

namespace sluice::http {

enum class FieldLine : std::uint8_t {
  plain,       // letters, digits and hyphens
  underscore,  // and underscores
  token,       // and what else RFC 9110 allows in a name
  odd,         // a visible byte that no name may hold; nobody can say what a peer makes of it
  invalid,     // no colon, no name, a blank in it or before it (thus a folded line): never passes
};

// A name that is no Content-Length or Transfer-Encoding, but that a peer might take for one because
// it reads over what is neither letter nor digit ("Content_Length"), is invalid too: dropping or
// passing it, sluice and the peer could disagree about where the message ends.
//
// `name` is not told of a line that is invalid.
struct FieldName {
  std::size_t size = 0;
  HeaderId id = HeaderId::other;
};
FieldLine field_line(std::string_view line, FieldName& name);

}  // namespace sluice::http
