// SPDX-License-Identifier: MIT
// Is a head too large?  It is when it does not fit into the buffers nginx would read it into: one
// of `client_header_buffer_size`, then those of `large_client_header_buffers`.  A line lies in one
// buffer; one that does not fit into the rest of a buffer is moved to the next as a whole.
// Http1Client asks after each read; there are no such buffers here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "confparse/settings/server.h"

namespace sluice::proxy {

// Whose rules a head is read by: from the byte `named_from` on those of the server that it names.
struct HeadRules {
  const confparse::ConnectionSettings* first = nullptr;  // of the default server
  const confparse::ConnectionSettings* named = nullptr;
  std::size_t named_from = 0;

  [[nodiscard]] const confparse::ConnectionSettings& at(std::size_t byte) const {
    return byte < named_from ? *first : *named;
  }
};

class HeadSize {
 public:
  enum class Verdict : std::uint8_t { fits, request_line_too_long, line_too_long, too_large };

  // `head` is all of the head that has come, each time again from its first byte, and no more.
  Verdict check(std::string_view head, const HeadRules& rules);

 private:
  Verdict walk(std::string_view head, const HeadRules& rules);
  Verdict place(std::size_t size, const confparse::ConnectionSettings& rules);

  std::size_t line_ = 0;     // where the first line begins that was not placed
  std::uint64_t room_ = 0;   // in the present buffer
  std::uint32_t large_ = 0;  // buffers that are used
  bool has_begun_ = false;
  bool has_request_line_ = false;
};

}  // namespace sluice::proxy
