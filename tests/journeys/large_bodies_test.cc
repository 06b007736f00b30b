// SPDX-License-Identifier: MIT
// Bodies larger than any buffer, in both directions and both framings: every byte arrives, and the
// proxy's memory does not grow with them, however slow the client is.
#include <array>
#include <cstdio>
#include <sstream>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <zlib.h>

#include "tests/support/running_backend.h"
#include "tests/support/running_proxy.h"
#include "tests/support/temp_folder.h"
#include "tests/support/text.h"

namespace sluice::tests {
namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kSize = 64 * kMiB;
constexpr long kMostResidentKib = 0;  // a sanitizer's own memory says nothing
#else
constexpr std::uint64_t kSize = 2048 * kMiB;
constexpr long kMostResidentKib = 64 * 1024;
#endif

constexpr std::uint64_t kPeriod = 23;  // sluice-backend's bodies are "abc…w" again and again

// Whole periods, and one more: from any place in the first, as many bytes as are wanted.
std::string pattern_block() {
  std::string block((kMiB / kPeriod + 2) * kPeriod, '\0');
  for (std::size_t i = 0; i < block.size(); ++i) block[i] = static_cast<char>('a' + i % kPeriod);
  return block;
}

// Is it the right body, as far as it came?
class PatternCheck {
 public:
  void take(std::string_view piece) {
    while (!piece.empty()) {
      const auto start = count_ % kPeriod;
      const auto expected = std::string_view(block_).substr(start, piece.size());
      right_ = right_ && piece.starts_with(expected);
      count_ += expected.size();
      piece.remove_prefix(expected.size());
    }
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] bool is_right() const { return right_; }

 private:
  std::string block_ = pattern_block();
  std::uint64_t count_ = 0;
  bool right_ = true;
};

class LargeBody : public testing::Test {
 protected:
  ~LargeBody() override { expect_small(); }

  // The most the proxy had since it started: no sample can miss it.
  [[nodiscard]] long peak_kib() const {
    std::istringstream status(read_file("/proc/" + std::to_string(proxy_.pid()) + "/status"));
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("VmHWM:")) {
        return static_cast<long>(to_number(trim(std::string_view(line).substr(6))).value_or(0));
      }
    }
    ADD_FAILURE() << "no VmHWM";
    return 0;
  }
  void expect_small() const {
    if (kMostResidentKib == 0) return;
    EXPECT_LT(proxy_.resident_kib(), kMostResidentKib);
    EXPECT_LT(peak_kib(), kMostResidentKib);
  }

  // All bytes the proxy has read so far, from whomever.
  [[nodiscard]] std::uint64_t bytes_read() const {
    const std::string io = read_file("/proc/" + std::to_string(proxy_.pid()) + "/io");
    return to_number(std::string_view(io).substr(io.find("rchar: ") + 7)).value_or(0);
  }
  // Until it reads no more for a while: a condition about time, the only one that there is.
  void wait_until_it_reads_no_more() const {
    const Deadline deadline;
    std::uint64_t last = 0;
    for (auto since = Clock::now(); Clock::now() - since < milliseconds{300};) {
      const std::uint64_t now = bytes_read();
      if (now != last) since = Clock::now();
      last = now;
      ASSERT_FALSE(deadline.passed()) << "it reads on and on";
      ::poll(nullptr, 0, 10);
    }
  }

  void download(const std::string& path) {
    HttpClient client = proxy_.client();
    client.send("GET " + path + std::to_string(kSize) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    PatternCheck check;
    const HttpAnswer answer =
        client.read_answer_into([&](std::string_view piece) { check.take(piece); });
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.complete);
    EXPECT_EQ(check.count(), kSize);
    EXPECT_TRUE(check.is_right());
  }

  // "/sum" answers the number of bytes and their CRC-32.
  static std::string expected_sum() {
    const std::string block = pattern_block();
    const std::uint64_t whole = block.size();
    uLong crc = ::crc32(0, nullptr, 0);
    const auto* bytes = reinterpret_cast<const Bytef*>(block.data());
    for (std::uint64_t left = kSize; left > 0;) {
      const std::uint64_t size = std::min(left, whole);
      crc = ::crc32_z(crc, bytes, size);
      left -= size;
    }
    std::array<char, 16> hex{};
    std::snprintf(hex.data(), hex.size(), " %08lx\n", crc);
    return std::to_string(kSize) + hex.data();
  }

  RunningBackend backend_;
  RunningProxy proxy_{
      "server { listen 127.0.0.1:0; client_max_body_size 0; proxy_request_buffering off; "
      "proxy_buffering off; location / { proxy_pass http://" +
          backend_.address() + "; } }",
      {.main = "worker_processes 2;"}};
};

TEST_F(LargeBody, ComesDownWithItsLength) {
  download("/bytes/");
}

TEST_F(LargeBody, ComesDownInChunks) {
  download("/chunked/");
}

TEST_F(LargeBody, GoesUpWithItsLength) {
  HttpClient client = proxy_.client();
  client.send("POST /sum HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(kSize) +
              "\r\n\r\n");
  const std::string block = pattern_block();
  for (std::uint64_t left = kSize; left > 0;) {
    const std::uint64_t size = std::min<std::uint64_t>(left, block.size());
    client.send(std::string_view(block).substr(0, size));
    left -= size;
  }
  EXPECT_EQ(client.read_answer("POST").body, expected_sum());
}

TEST_F(LargeBody, GoesUpInChunks) {
  HttpClient client = proxy_.client();
  client.send("POST /sum HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string block = pattern_block();
  for (std::uint64_t left = kSize; left > 0;) {
    const std::uint64_t size = std::min<std::uint64_t>(left, block.size());
    std::array<char, 24> line{};
    const int length = std::snprintf(line.data(), line.size(), "%lx\r\n", size);
    client.send({line.data(), static_cast<std::size_t>(length)});
    client.send(std::string_view(block).substr(0, size));
    client.send("\r\n");
    left -= size;
  }
  client.send("0\r\n\r\n");
  EXPECT_EQ(client.read_answer("POST").body, expected_sum());
}

TEST_F(LargeBody, WaitsForAClientThatStopsReading) {
  constexpr std::uint64_t kLess = kSize / 4;
  HttpClient client = proxy_.client();
  client.send("GET /bytes/" + std::to_string(kLess) + " HTTP/1.1\r\nHost: a\r\n\r\n");
  PatternCheck check;
  bool has_paused = false;
  const HttpAnswer answer = client.read_answer_into([&](std::string_view piece) {
    check.take(piece);
    if (has_paused || check.count() < kMiB) return;
    has_paused = true;
    wait_until_it_reads_no_more();
    // What it has read fits into the buffers of two sockets and a few of its own.
    EXPECT_LT(bytes_read(), check.count() + 32 * kMiB);
    expect_small();
  });
  EXPECT_TRUE(has_paused);
  EXPECT_TRUE(answer.complete);
  EXPECT_EQ(check.count(), kLess);
  EXPECT_TRUE(check.is_right());
}

TEST_F(LargeBody, WaitsForAPeerThatStopsReading) {
  // The peer: a listening socket whose connection nobody reads.
  const Socket listener = listen_on("127.0.0.1:0");
  const RunningProxy proxy{
      "server { listen 127.0.0.1:0; client_max_body_size 0; proxy_request_buffering off; "
      "location / { proxy_pass http://" +
      local_address(listener) + "; } }"};
  const HttpClient client = proxy.client();
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000000\r\n\r\n";
  ASSERT_TRUE(send_all(client.socket(), head, Deadline()));
  const std::string block = pattern_block();
  std::uint64_t sent = 0;
  // Until nothing is taken for a while.
  while (true) {
    pollfd writable{client.socket().fd(), POLLOUT, 0};
    if (::poll(&writable, 1, 500) == 0) break;
    const ssize_t count =
        ::send(client.socket().fd(), block.data(), block.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ASSERT_GT(count, 0);
    sent += static_cast<std::uint64_t>(count);
    ASSERT_LT(sent, 64 * kMiB) << "it takes more than anybody reads";
  }
  if (kMostResidentKib > 0) {
    EXPECT_LT(proxy.resident_kib(), kMostResidentKib);
  }
}

}  // namespace
}  // namespace sluice::tests
