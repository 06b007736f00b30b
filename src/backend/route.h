// SPDX-License-Identifier: MIT
// What is answered to which path?  No sockets here: a plan, which Connection carries out.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "http/head.h"

namespace sluice::backend {

enum class Content : std::uint8_t {
  text,          // Answer::text
  pattern,       // Answer::size bytes of the pattern
  request_head,  // the head that was received, byte for byte
  request_body,  // the body that is being received, as it comes
  request_sum,   // the received body's byte count and CRC-32
};

struct Answer {
  std::uint16_t status = 200;
  Content content = Content::text;
  http::Framing::Kind framing = http::Framing::Kind::length;
  std::string_view text = {};  // of static storage, or the `greeting`
  std::uint64_t size = 0;
  std::chrono::milliseconds delay{0};
  bool has_trailers = false;
};

// `greeting` is what "/" answers.
Answer route(std::string_view target, std::string_view greeting);

}  // namespace sluice::backend
