// SPDX-License-Identifier: MIT
// What an exchange sends to its client: no faster than `limit_rate`, counted for the log.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "net/loop.h"
#include "net/stream.h"
#include "proxy/failure.h"
#include "proxy/rate_limit.h"

namespace sluice::proxy {

class Reply {
 public:
  void restart(net::Loop& loop, net::Stream& client, net::Milliseconds timeout) {
    loop_ = &loop;
    client_ = &client;
    timeout_ = timeout;
    limit_ = {};
    throttled_ = false;
    sent_ = interim_ = 0;
  }
  void set_timeout(net::Milliseconds timeout) { timeout_ = timeout; }
  void limit(const RateLimit& limit) { limit_ = limit; }

  // Sends all of it: at once when the client takes it, else as it does.
  // Bytes must stay until the task has ended; `pieces` is used up.
  net::Task<Failure> send(std::span<iovec> pieces);
  // The part of send() that needs no waiting.  Returns what is left.
  std::span<iovec> send_now(std::span<iovec> pieces, Failure& failure);

  // The same for what `pipe` holds.  Not with a limit.
  void splice_now(net::Pipe& pipe, Failure& failure);
  [[nodiscard]] bool can_splice() const { return !limit_ && client_->can_splice(); }

  // When send_now() left something: what to wait for, and how long at most.  Where is_throttled(),
  // the time is over when more may go; else the client has failed to take it in time.
  [[nodiscard]] net::Interest awaited() const {
    return throttled_ ? client_->never() : client_->writable();
  }
  [[nodiscard]] net::Milliseconds patience() const;
  [[nodiscard]] bool is_throttled() const { return throttled_; }

  [[nodiscard]] std::uint64_t sent() const { return sent_; }

  // What was sent until now are interim answers, before the one that counts.
  void note_interim() { interim_ = sent_; }
  [[nodiscard]] std::uint64_t interim() const { return interim_; }

 private:
  net::Transfer write_within_limit(std::span<const iovec> pieces);

  net::Loop* loop_ = nullptr;
  net::Stream* client_ = nullptr;
  net::Milliseconds timeout_{60'000};
  RateLimit limit_;
  bool throttled_ = false;
  std::uint64_t sent_ = 0;
  std::uint64_t interim_ = 0;  // of these
};

}  // namespace sluice::proxy
