// SPDX-License-Identifier: MIT
#include "proxy/tunnel.h"

#include <algorithm>
#include <cstring>

namespace sluice::proxy {
namespace {

// So many bytes of one way at most before the other way, and everybody else, has a turn.
constexpr std::uint64_t kTurn = 1024 * 1024;

}  // namespace

Tunnel::Tunnel(net::Loop& loop, net::Stream& client, net::Stream& peer)
    : loop_(loop),
      ways_{Way{&client, &peer, Trouble::client_gone, Trouble::send_failed, {}},
            Way{&peer, &client, Trouble::read_failed, Trouble::client_gone, {}}} {}

void Tunnel::begin_with(std::string_view from_client, std::string_view from_peer) {
  put(ways_[kUp], from_client);
  put(ways_[kDown], from_peer);
}

void Tunnel::put(Way& way, std::string_view bytes) {
  if (!bytes.empty()) {
    way.chunk = loop_.chunks().take(bytes.size());
    std::memcpy(way.chunk.data(), bytes.data(), bytes.size());
    way.end = bytes.size();
  }
}

// Moves what can be moved now.  True: something moved.
bool Tunnel::pump(Way& way, Failure& failure) {
  const std::uint64_t before = way.moved;
  while (!way.ended || way.has_bytes()) {
    if (way.has_bytes()) {
      const std::array<iovec, 1> piece{
          net::piece_of({way.chunk.data() + way.begin, way.end - way.begin})};
      const net::Transfer put = way.to->write_now(piece);
      if (put.must_wait()) {
        break;
      }
      if (put.error) {
        failure = {way.cannot_write, put.error};
        break;
      }
      way.begin += put.bytes;
      way.moved += put.bytes;
      continue;
    }
    if (way.moved - before >= kTurn || !way.from->may_be_readable()) {
      break;
    }
    if (!way.chunk.taken()) {
      way.chunk = loop_.chunks().take(net::ChunkPool::kBody);
    }
    const net::Transfer got = way.from->read_now({way.chunk.data(), way.chunk.size()});
    if (got.must_wait()) {
      break;
    }
    if (got.error == net::Errc::end_of_stream) {
      way.ended = true;
    } else if (got.error) {
      failure = {way.cannot_read, got.error};
      break;
    }
    way.begin = 0;
    way.end = got.bytes;
  }
  if (!way.has_bytes()) {
    way.chunk.release();  // an idle tunnel holds no buffer
  }
  return way.moved > before;
}

net::Task<Failure> Tunnel::run(const Timeouts& timeouts) {
  for (;;) {
    bool moved = false;
    for (Way& way : ways_) {
      Failure failure;
      moved = pump(way, failure) || moved;
      if (failure) {
        co_return failure;
      }
    }
    if (std::ranges::any_of(ways_, [](const Way& way) { return way.ended && !way.has_bytes(); })) {
      co_return Failure{};
    }
    if (moved) {
      co_await net::yield(loop_);
      if (loop_.stopping()) {
        co_return Failure{Trouble::client_gone, net::Errc::cancelled};
      }
      continue;
    }
    const bool stuck = ways_[kUp].has_bytes() || ways_[kDown].has_bytes();
    const net::Woken woken =
        co_await net::wait_any(stuck ? std::min(timeouts.send, timeouts.idle) : timeouts.idle,
                               ways_[kUp].awaited(), ways_[kDown].awaited());
    if (woken.error == net::Errc::timed_out) {
      co_return Failure{
          ways_[kDown].has_bytes() ? Trouble::client_timed_out : Trouble::read_timed_out,
          woken.error};
    }
    if (woken.error) {
      co_return Failure{Trouble::client_gone, woken.error};
    }
  }
}

}  // namespace sluice::proxy
