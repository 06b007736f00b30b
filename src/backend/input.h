// SPDX-License-Identifier: MIT
// What a client sends: heads of requests, and their bodies piece by piece.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

#include "backend/io.h"
#include "http/body.h"
#include "http/parser.h"

namespace sluice::backend {

class Input {
 public:
  // An idle connection is given up after `close_idle`, unless that is 0.
  Input(Socket& socket, std::chrono::milliseconds close_idle);

  // Reads the next head.  incomplete: the client is gone, or its head is too large.
  Task<http::Progress> read_head();
  // Valid, with all its views, until begin_body().
  [[nodiscard]] const http::RequestHead& head() const { return parser_.head(); }
  [[nodiscard]] std::string_view head_bytes() const { return unread().substr(0, head().size); }

  void begin_body();
  // The next bytes of the body: a view until the next call; empty when the body is complete.
  // False: it never will be.
  Task<bool> next_piece(std::string_view& piece);

 private:
  [[nodiscard]] std::string_view unread() const { return {buffer_.get() + begin_, end_ - begin_}; }
  bool make_room();
  Task<bool> read_more(bool is_idle);

  Socket& socket_;
  std::chrono::milliseconds close_idle_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  http::RequestParser parser_;
  http::BodyReader body_;
};

}  // namespace sluice::backend
