// SPDX-License-Identifier: MIT
// What an exchange sends to its client, counted for the log.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "net/stream.h"
#include "proxy/failure.h"

namespace sluice::proxy {

class Reply {
 public:
  void restart(net::Stream& client, net::Milliseconds timeout) {
    client_ = &client;
    timeout_ = timeout;
    sent_ = 0;
  }

  [[nodiscard]] net::Milliseconds timeout() const { return timeout_; }
  // Sends all of it: at once when the client takes it, else as it does.
  // Bytes must stay until the task has ended; `pieces` is used up.
  net::Task<Failure> send(std::span<iovec> pieces);
  // The part of send() that needs no waiting.  Returns what is left.
  std::span<iovec> send_now(std::span<iovec> pieces, Failure& failure);
  net::Task<Failure> send_rest(std::span<iovec> pieces);

  [[nodiscard]] std::uint64_t sent() const { return sent_; }

 private:
  net::Stream* client_ = nullptr;
  net::Milliseconds timeout_{60'000};
  std::uint64_t sent_ = 0;
};

}  // namespace sluice::proxy
