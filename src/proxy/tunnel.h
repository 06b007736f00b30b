// SPDX-License-Identifier: MIT
// A connection that has switched protocols (WebSocket): bytes go both ways, whatever they mean,
// until either side has ended.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "net/chunks.h"
#include "net/loop.h"
#include "net/stream.h"
#include "proxy/failure.h"

namespace sluice::proxy {

class Tunnel {
 public:
  struct Timeouts {
    net::Milliseconds idle;  // proxy_read_timeout: nothing came from either side for so long
    net::Milliseconds send;  // a side takes nothing of what is there for it
  };

  Tunnel(net::Loop& loop, net::Stream& client, net::Stream& peer);

  // Bytes that came before the tunnel was there; they are copied.
  void begin_with(std::string_view from_client, std::string_view from_peer);
  // Without a failure: one side has ended, and the other has got all that came from it.
  net::Task<Failure> run(const Timeouts& timeouts);

  [[nodiscard]] std::uint64_t to_client() const { return ways_[kDown].moved; }
  [[nodiscard]] std::uint64_t to_peer() const { return ways_[kUp].moved; }

 private:
  static constexpr std::size_t kUp = 0;
  static constexpr std::size_t kDown = 1;

  struct Way {
    net::Stream* from;
    net::Stream* to;
    Trouble cannot_read;
    Trouble cannot_write;
    net::Chunk chunk;  // taken while bytes wait in it
    std::size_t begin = 0;
    std::size_t end = 0;
    std::uint64_t moved = 0;
    bool ended = false;

    [[nodiscard]] bool has_bytes() const { return begin < end; }
    [[nodiscard]] net::Interest awaited() const {
      return has_bytes() ? to->writable() : from->readable();
    }
  };
  void put(Way& way, std::string_view bytes);
  bool pump(Way& way, Failure& failure);

  net::Loop& loop_;
  std::array<Way, 2> ways_;
};

}  // namespace sluice::proxy
