// SPDX-License-Identifier: MIT
// What is sent to a client: small things are put together here and leave in one write.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "backend/io.h"

namespace sluice::backend {

class Output {
 public:
  explicit Output(Socket& socket) : socket_(socket) {}

  // Where the next bytes are put together.
  [[nodiscard]] std::string& text() { return text_; }
  [[nodiscard]] bool is_empty() const { return text_.empty(); }

  // Sends what can be sent without waiting.  True: nothing is left, or nobody is there to read it.
  bool try_flush(int flags = 0);
  // These wait as long as it takes.  False: the client is gone.
  Task<bool> flush(int flags = 0);
  Task<bool> send_pattern(std::uint64_t offset, std::uint64_t size);

 private:
  Socket& socket_;
  std::string text_;
  std::size_t sent_ = 0;  // bytes of it
};

}  // namespace sluice::backend
