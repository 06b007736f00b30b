// SPDX-License-Identifier: MIT
#include "net/pipe.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>
#include <string>
#include <vector>

#include "net/loop.h"
#include "net/socket.h"

namespace sluice::net {
namespace {

// A stream, and the other end of its connection as a plain descriptor that does not wait.
struct Connection {
  explicit Connection(Loop& loop) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    stream = std::make_unique<Socket>(loop, Descriptor{ends[0]}, Socket::State::connected);
    other = Descriptor{ends[1]};
  }
  void send(std::string_view text) const {
    EXPECT_EQ(::send(other.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }
  [[nodiscard]] std::string received() const {
    std::array<char, 4096> bytes{};
    const ssize_t got = ::recv(other.get(), bytes.data(), bytes.size(), 0);
    return {bytes.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
  }

  std::unique_ptr<Stream> stream;
  Descriptor other;
};

struct PipeTest : testing::Test {
  Loop loop;
  Connection from{loop};
  Connection to{loop};
  Pipe pipe = loop.pipes().take();

  PipeTest() { ::signal(SIGPIPE, SIG_IGN); }

  Transfer fill(std::size_t most) {
    loop.reactor().sleep(0);
    loop.reactor().turn();
    return from.stream->splice_into(pipe, most);
  }
};

TEST_F(PipeTest, CarriesBytesFromOneStreamToAnother) {
  ASSERT_TRUE(pipe.is_open());
  from.send("hello");
  EXPECT_EQ(fill(100).bytes, 5u);
  EXPECT_EQ(pipe.size(), 5u);
  EXPECT_EQ(to.stream->splice_from(pipe).bytes, 5u);
  EXPECT_TRUE(pipe.empty());
  EXPECT_EQ(to.received(), "hello");
}

TEST_F(PipeTest, TakesNoMoreThanItIsTold) {
  from.send("hello, world");
  EXPECT_EQ(fill(5).bytes, 5u);
  to.stream->splice_from(pipe);
  EXPECT_EQ(to.received(), "hello");
  EXPECT_EQ(fill(100).bytes, 7u);
}

TEST_F(PipeTest, ThatFindsNothingWaits) {
  EXPECT_TRUE(fill(100).must_wait());
  from.send("x");
  EXPECT_EQ(fill(100).bytes, 1u);
  std::array<char, 1> taken{};
  std::error_code error;
  EXPECT_EQ(pipe.read(taken, error), 1u);
  EXPECT_TRUE(fill(100).must_wait());
}

TEST_F(PipeTest, SeesTheEnd) {
  from.other.reset();
  EXPECT_EQ(fill(100).error, Errc::end_of_stream);
}

TEST_F(PipeTest, KeepsWhatTheOtherSideDoesNotTake) {
  const std::string block(4096, 'x');
  std::size_t sent = 0;
  std::size_t taken = 0;
  Transfer put;
  while (!put.must_wait()) {
    from.send(block);
    sent += fill(block.size()).bytes;
    put = to.stream->splice_from(pipe);
    taken += put.bytes;
    ASSERT_LT(sent, 100u << 20) << "nobody reads, and yet there is room";
  }
  EXPECT_EQ(pipe.size(), sent - taken);
  EXPECT_FALSE(to.stream->readable().watch->ready(Until::writable));
}

TEST_F(PipeTest, SaysThatTheOtherSideHasGone) {
  from.send("hello");
  fill(100);
  to.other.reset();
  EXPECT_EQ(to.stream->splice_from(pipe).error, std::errc::broken_pipe);
  EXPECT_EQ(pipe.size(), 5u);
}

TEST_F(PipeTest, GivesItsBytesToMemoryWhenAsked) {
  from.send("hello, world");
  fill(100);
  std::array<char, 7> first{};
  std::error_code error;
  EXPECT_EQ(pipe.read(first, error), 7u);
  EXPECT_EQ(std::string(first.data(), 7), "hello, ");
  EXPECT_EQ(pipe.size(), 5u);
}

TEST_F(PipeTest, IsNotUsedAgainWithBytesInside) {
  from.send("secret");
  fill(100);
  pipe.release();
  EXPECT_FALSE(pipe.is_open());
  pipe = loop.pipes().take();
  EXPECT_TRUE(pipe.empty());
  from.send("other");
  fill(100);
  to.stream->splice_from(pipe);
  EXPECT_EQ(to.received(), "other");
}

TEST_F(PipeTest, IsUsedAgainWhenEmpty) {
  const int in = pipe.in();
  pipe.release();
  pipe = loop.pipes().take();
  EXPECT_EQ(pipe.in(), in);
}

TEST(PipePool, IsNoLargerThanItSays) {
  PipePool pool;
  std::vector<Pipe> taken;
  do {
    taken.push_back(pool.take());
    ASSERT_LT(taken.size(), 1000u);
  } while (taken.back().is_open());
  taken.pop_back();
  EXPECT_EQ(taken.size(), 64u);
  taken.pop_back();
  EXPECT_TRUE(pool.take().is_open());
}

}  // namespace
}  // namespace sluice::net
