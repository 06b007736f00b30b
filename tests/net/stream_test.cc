// SPDX-License-Identifier: MIT
#include "net/stream.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <string>

#include "net/connector.h"
#include "net/listener.h"
#include "net/socket.h"

namespace sluice::net {
namespace {

Task<Transfer> read_some(Stream& stream, std::span<char> into, Milliseconds timeout) {
  for (;;) {
    const Transfer got = stream.read_now(into);
    if (!got.must_wait()) {
      co_return got;
    }
    const std::error_code error = co_await wait(timeout, stream.readable());
    if (error) {
      co_return Transfer{0, error};
    }
  }
}

Task<std::error_code> write_rest(Stream& stream, std::span<iovec> pieces, Milliseconds timeout) {
  while (!pieces.empty()) {
    const Transfer put = stream.write_now(pieces);
    if (put.must_wait()) {
      const std::error_code error = co_await wait(timeout, stream.writable());
      if (error) {
        co_return error;
      }
      continue;
    }
    if (put.error) {
      co_return put.error;
    }
    pieces = drop_front(pieces, put.bytes);
  }
  co_return std::error_code{};
}

using namespace std::chrono_literals;

// Two connected streams on one loop.
struct Pair {
  Pair() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    left = std::make_unique<Socket>(loop, Descriptor{ends[0]}, Socket::State::connected);
    right = std::make_unique<Socket>(loop, Descriptor{ends[1]}, Socket::State::connected);
  }
  // Runs a story to its end.
  void run(Task<void> story) {
    spawn(finish(std::move(story)));
    loop.run();
  }
  Task<void> finish(Task<void> story) {
    co_await story;
    loop.stop();
  }

  Loop loop;
  std::unique_ptr<Stream> left;
  std::unique_ptr<Stream> right;
};

Transfer write_text(Stream& stream, std::string_view text) {
  const std::array<iovec, 1> piece{piece_of(text)};
  return stream.write_now(piece);
}

TEST(Stream, WaitsForBytesAndReadsThem) {
  Pair pair;
  std::string got;
  const auto reader = [](Pair& streams, std::string& text) -> Task<void> {
    std::array<char, 16> buffer{};
    const Transfer first = co_await read_some(*streams.right, buffer, 5s);
    text.assign(buffer.data(), first.bytes);
  };
  pair.loop.post([&] { write_text(*pair.left, "hello"); });
  pair.run(reader(pair, got));
  EXPECT_EQ(got, "hello");
}

TEST(Stream, ReportsTheEndAfterTheLastBytes) {
  Pair pair;
  std::error_code end;
  std::size_t bytes = 0;
  const auto reader = [](Pair& streams, std::size_t& count, std::error_code& error) -> Task<void> {
    std::array<char, 16> buffer{};
    const Transfer first = co_await read_some(*streams.right, buffer, 5s);
    count = first.bytes;
    const Transfer second = co_await read_some(*streams.right, buffer, 5s);
    error = second.error;
  };
  write_text(*pair.left, "last");
  pair.left.reset();
  pair.run(reader(pair, bytes, end));
  EXPECT_EQ(bytes, 4u);
  EXPECT_EQ(end, Errc::end_of_stream);
}

TEST(Stream, GivesUpWaitingAtItsDeadline) {
  Pair pair;
  std::error_code error;
  const auto reader = [](Pair& streams, std::error_code& result) -> Task<void> {
    std::array<char, 16> buffer{};
    const Transfer got = co_await read_some(*streams.right, buffer, 30ms);
    result = got.error;
  };
  pair.run(reader(pair, error));
  EXPECT_EQ(error, Errc::timed_out);
}

TEST(Stream, WritesEverythingAsTheOtherSideTakesIt) {
  Pair pair;
  const std::string large(4 << 20, 'x');
  std::size_t taken = 0;
  std::error_code error;
  const auto writer = [](Pair& streams, const std::string& text,
                         std::error_code& result) -> Task<void> {
    std::array<iovec, 2> pieces{piece_of(std::string_view{text}.substr(0, 1000)),
                                piece_of(std::string_view{text}.substr(1000))};
    result = co_await write_rest(*streams.left, pieces, 5s);
    streams.left->shut_down_sending();
  };
  const auto reader = [](Pair& streams, std::size_t& count) -> Task<void> {
    std::array<char, 65536> buffer{};
    for (;;) {
      const Transfer got = co_await read_some(*streams.right, buffer, 5s);
      if (got.error) {
        co_return;
      }
      count += got.bytes;
    }
  };
  spawn(writer(pair, large, error));
  pair.run(reader(pair, taken));
  EXPECT_FALSE(error);
  EXPECT_EQ(taken, large.size());
}

TEST(WaitAny, SaysWhichConditionCameFirst) {
  Pair pair;
  Woken woken;
  const auto waiter = [](Pair& streams, Woken& result) -> Task<void> {
    result = co_await wait_any(5s, streams.left->readable(), streams.right->hung_up(),
                               streams.right->readable());
  };
  pair.loop.post([&] { write_text(*pair.left, "x"); });
  pair.run(waiter(pair, woken));
  EXPECT_FALSE(woken.error);
  EXPECT_EQ(woken.which, 2u);
}

TEST(WaitAny, SeesAHangUpWithoutReading) {
  Pair pair;
  Woken woken;
  const auto waiter = [](Pair& streams, Woken& result) -> Task<void> {
    result = co_await wait_any(5s, streams.right->hung_up());
  };
  pair.loop.post([&] { pair.left.reset(); });
  pair.run(waiter(pair, woken));
  EXPECT_FALSE(woken.error);
  EXPECT_TRUE(pair.right->hung_up().watch->ready(Until::hung_up));
}

TEST(Wait, IsCalledOffWhenTheLoopStops) {
  Pair pair;
  std::error_code error;
  const auto waiter = [](Pair& streams, std::error_code& result) -> Task<void> {
    result = co_await wait(kForever, streams.right->readable());
  };
  spawn(waiter(pair, error));
  pair.loop.post([&] { pair.loop.stop(); });
  pair.loop.run();
  EXPECT_EQ(error, Errc::cancelled);
}

TEST(WaitAny, PassesOverWhatHasNoWatch) {
  Pair pair;
  Woken woken;
  const auto waiter = [](Pair& streams, Woken& result) -> Task<void> {
    result = co_await wait_any(5s, streams.left->never(), Interest{}, streams.right->readable());
  };
  pair.loop.post([&] { write_text(*pair.left, "x"); });
  pair.run(waiter(pair, woken));
  EXPECT_FALSE(woken.error);
  EXPECT_EQ(woken.which, 2u);
}

TEST(Wait, ForNothingEndsWithItsDeadlineOrWhenCalledOff) {
  Pair pair;
  std::error_code slept;
  std::error_code called_off;
  const auto sleeper = [](Pair& streams, std::error_code& result) -> Task<void> {
    result = co_await wait(20ms, streams.left->never());
    streams.right->cancel();
  };
  const auto other = [](Pair& streams, std::error_code& result) -> Task<void> {
    result = co_await wait(kForever, streams.right->never());
  };
  spawn(sleeper(pair, slept));
  pair.run(other(pair, called_off));
  EXPECT_EQ(slept, Errc::timed_out);
  EXPECT_EQ(called_off, Errc::cancelled);
}

TEST(Yield, LetsOthersHaveTheirTurn) {
  Pair pair;
  std::string order;
  const auto story = [](Loop& loop, std::string& text, char name, int turns) -> Task<void> {
    for (int i = 0; i < turns; ++i) {
      text.push_back(name);
      co_await yield(loop);
    }
  };
  pair.loop.post([&] { spawn(story(pair.loop, order, 'b', 3)); });
  pair.run(story(pair.loop, order, 'a', 100));
  EXPECT_EQ(order.size(), 103u);
  EXPECT_LT(order.rfind('b'), order.rfind('a'));
}

TEST(Yield, EndsWithTheLoop) {
  Pair pair;
  bool ended = false;
  const auto story = [](Loop& loop, bool& done) -> Task<void> {
    while (!loop.stopping()) {
      co_await yield(loop);
    }
    done = true;
  };
  spawn(story(pair.loop, ended));
  pair.loop.post([&] { pair.loop.stop(); });
  pair.loop.run();
  EXPECT_TRUE(ended);
}

TEST(DropFront, TakesBytesOffTheFrontOfThePieces) {
  std::array<iovec, 3> pieces{piece_of("ab"), piece_of("cde"), piece_of("f")};
  const std::span<iovec> rest = drop_front(pieces, 3);
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_EQ(std::string_view(static_cast<char*>(rest[0].iov_base), rest[0].iov_len), "de");
  EXPECT_TRUE(drop_front(rest, 3).empty());
}

struct Served {
  Loop loop;
  Address address = *Address::parse("127.0.0.1:0");
  OpenedListeners opened = open_listeners(address, 1, {});
  std::unique_ptr<Stream> accepted;
  Listener listener{loop, std::move(opened.sockets.at(0)),
                    [this](std::unique_ptr<Stream> client, const Address&) {
                      accepted = std::move(client);
                      write_text(*accepted, "welcome");
                    },
                    [](std::error_code) { return false; }};
};

TEST(Listener, AcceptsWhatConnects) {
  Served served;
  std::string greeting;
  const auto visitor = [](Served& server, std::string& text) -> Task<void> {
    Connected connected = co_await connect(server.loop, server.address, 5s, {});
    EXPECT_FALSE(connected.error);
    std::array<char, 16> buffer{};
    const Transfer got = co_await read_some(*connected.stream, buffer, 5s);
    text.assign(buffer.data(), got.bytes);
    server.loop.stop();
  };
  spawn(visitor(served, greeting));
  served.loop.run();
  EXPECT_EQ(greeting, "welcome");
}

bool sends_at_once(const Stream& stream) {
  int value = -1;
  socklen_t size = sizeof value;
  EXPECT_EQ(::getsockopt(stream.descriptor(), IPPROTO_TCP, TCP_NODELAY, &value, &size), 0);
  return value != 0;
}

TEST(Listener, HasClientsToWhichSmallWritesGoAtOnceUnlessToldNotTo) {
  Served served;
  const auto visitor = [](Served& server) -> Task<void> {
    const Connected connected = co_await connect(server.loop, server.address, 5s, {});
    std::array<char, 16> buffer{};
    co_await read_some(*connected.stream, buffer, 5s);
    server.loop.stop();
  };
  spawn(visitor(served));
  served.loop.run();
  ASSERT_NE(served.accepted, nullptr);
  EXPECT_TRUE(sends_at_once(*served.accepted));
  served.accepted->collect_small_writes();
  EXPECT_FALSE(sends_at_once(*served.accepted));
}

TEST(Connector, ReportsARefusal) {
  Loop loop;
  Address address = *Address::parse("127.0.0.1:0");
  open_listeners(address, 1, {});  // learns a free port, and lets it go
  std::error_code error;
  const auto visitor = [](Loop& own, const Address& to, std::error_code& result) -> Task<void> {
    const Connected connected = co_await connect(own, to, 5s, {});
    result = connected.error;
    own.stop();
  };
  spawn(visitor(loop, address, error));
  loop.run();
  EXPECT_EQ(error, std::errc::connection_refused);
}

TEST(OpenListeners, RefusesAnAddressThatIsTaken) {
  Address address = *Address::parse("127.0.0.1:0");
  const OpenedListeners first = open_listeners(address, 2, {});
  ASSERT_FALSE(first.error);
  EXPECT_NE(address.port(), 0);
  EXPECT_EQ(first.sockets.size(), 2u);
  Address same = address;
  const OpenedListeners second = open_listeners(same, 1, {});
  EXPECT_EQ(second.error, std::errc::address_in_use);
  EXPECT_STREQ(second.step, "bind()");
}

}  // namespace
}  // namespace sluice::net
