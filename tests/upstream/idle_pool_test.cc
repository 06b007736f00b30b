// SPDX-License-Identifier: MIT
#include "upstream/idle_pool.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>

#include "net/socket.h"

namespace sluice::upstream {
namespace {

using namespace std::chrono_literals;

struct Kept {
  explicit Kept(confparse::UpstreamSettings chosen = {})
      : pool(std::make_unique<IdlePool>(chosen)) {}
  ~Kept() { pool.reset(); }

  // A connection to a peer; `other_end` is the peer's.
  PeerConnection connection(std::unique_ptr<net::Stream>& other_end) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    other_end = std::make_unique<net::Socket>(loop, net::Descriptor{ends[1]},
                                              net::Socket::State::connected);
    return {std::make_unique<net::Socket>(loop, net::Descriptor{ends[0]},
                                          net::Socket::State::connected),
            1, loop.steady_now()};
  }

  // Lets the loop see what has happened.
  void settle() {
    loop.post([this] { loop.post([this] { loop.stop(); }); });
    loop.run();
  }

  net::Loop loop;
  Endpoint peer{*net::Address::parse("127.0.0.1:1"), "127.0.0.1:1", ""};
  Endpoint other_peer{*net::Address::parse("127.0.0.1:2"), "127.0.0.1:2", ""};
  std::unique_ptr<IdlePool> pool;
};

TEST(IdlePool, GivesBackWhatItWasGiven) {
  Kept kept;
  std::unique_ptr<net::Stream> end;
  PeerConnection connection = kept.connection(end);
  const net::Stream* const stream = connection.stream.get();
  kept.pool->put(kept.peer, std::move(connection), kept.loop.steady_now());
  EXPECT_EQ(kept.pool->take(kept.other_peer).stream, nullptr);
  const PeerConnection taken = kept.pool->take(kept.peer);
  EXPECT_EQ(taken.stream.get(), stream);
  EXPECT_EQ(kept.pool->size(), 0u);
}

TEST(IdlePool, GivesTheLastUsedFirst) {
  Kept kept;
  std::array<std::unique_ptr<net::Stream>, 2> ends;
  PeerConnection first = kept.connection(ends[0]);
  PeerConnection second = kept.connection(ends[1]);
  const net::Stream* const last = second.stream.get();
  kept.pool->put(kept.peer, std::move(first), kept.loop.steady_now());
  kept.pool->put(kept.peer, std::move(second), kept.loop.steady_now());
  EXPECT_EQ(kept.pool->take(kept.peer).stream.get(), last);
}

TEST(IdlePool, ClosesTheOldestBeyondItsSize) {
  confparse::UpstreamSettings settings;
  settings.keepalive = 1;
  Kept kept{settings};
  std::array<std::unique_ptr<net::Stream>, 2> ends;
  PeerConnection first = kept.connection(ends[0]);
  PeerConnection second = kept.connection(ends[1]);
  const net::Stream* const last = second.stream.get();
  kept.pool->put(kept.peer, std::move(first), kept.loop.steady_now());
  kept.pool->put(kept.peer, std::move(second), kept.loop.steady_now());
  EXPECT_EQ(kept.pool->size(), 1u);
  EXPECT_EQ(kept.pool->take(kept.peer).stream.get(), last);
}

TEST(IdlePool, KeepsNothingWhenToldNotTo) {
  confparse::UpstreamSettings settings;
  settings.keepalive = 0;
  Kept kept{settings};
  std::unique_ptr<net::Stream> end;
  kept.pool->put(kept.peer, kept.connection(end), kept.loop.steady_now());
  EXPECT_EQ(kept.pool->size(), 0u);
}

TEST(IdlePool, KeepsNoConnectionBeyondItsRequestsOrItsAge) {
  confparse::UpstreamSettings settings;
  settings.keepalive_requests = 5;
  settings.keepalive_time = 10s;
  Kept kept{settings};
  std::unique_ptr<net::Stream> end;
  PeerConnection worn = kept.connection(end);
  worn.requests = 5;
  kept.pool->put(kept.peer, std::move(worn), kept.loop.steady_now());
  PeerConnection old = kept.connection(end);
  old.opened -= 11s;
  kept.pool->put(kept.peer, std::move(old), kept.loop.steady_now());
  EXPECT_EQ(kept.pool->size(), 0u);
}

TEST(IdlePool, GivesAConnectionOfOnePlaceToNoOther) {
  Kept kept;
  std::unique_ptr<net::Stream> end;
  kept.pool->put(kept.peer, kept.connection(end), kept.loop.steady_now(), 7);
  EXPECT_EQ(kept.pool->take(kept.peer).stream, nullptr);
  EXPECT_EQ(kept.pool->take(kept.peer, 8).stream, nullptr);
  EXPECT_NE(kept.pool->take(kept.peer, 7).stream, nullptr);
}

TEST(IdlePool, DropsAConnectionThatThePeerCloses) {
  Kept kept;
  std::unique_ptr<net::Stream> end;
  kept.pool->put(kept.peer, kept.connection(end), kept.loop.steady_now());
  end.reset();
  kept.settle();
  EXPECT_EQ(kept.pool->size(), 0u);
}

TEST(IdlePool, DropsAConnectionThatTalksUnasked) {
  Kept kept;
  std::unique_ptr<net::Stream> end;
  PeerConnection connection = kept.connection(end);
  const std::array<iovec, 1> piece{net::piece_of("x")};
  end->write_now(piece);
  kept.pool->put(kept.peer, std::move(connection), kept.loop.steady_now());
  kept.settle();
  EXPECT_EQ(kept.pool->size(), 0u);
}

}  // namespace
}  // namespace sluice::upstream
