// SPDX-License-Identifier: MIT
#include "tests/support/http_client.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

HttpAnswer read_from(const std::string& bytes, std::string_view method = "GET") {
  ScriptedPeer peer{raw_then_close(bytes)};
  return HttpClient(peer.address()).request(method, "/");
}

TEST(HttpClient, ReadsABodyWithALength) {
  const auto answer = read_from("HTTP/1.1 200 OK\r\nA: 1\r\na: 2\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("A"), "1");
  EXPECT_EQ(answer.count("A"), 2u);
  EXPECT_EQ(answer.body, "hi");
  EXPECT_TRUE(answer.complete);
}

TEST(HttpClient, ReadsChunksAndTrailers) {
  const auto answer = read_from(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: "
      "1\r\n\r\n");
  EXPECT_EQ(answer.body, "abcde");
  ASSERT_EQ(answer.trailers.size(), 1u);
  EXPECT_EQ(answer.trailers[0].second, "1");
  EXPECT_TRUE(answer.complete);
}

TEST(HttpClient, KnowsWhenABodyIsCutShort) {
  EXPECT_FALSE(read_from("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi").complete);
  EXPECT_FALSE(
      read_from("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n").complete);
  EXPECT_TRUE(read_from("HTTP/1.1 200 OK\r\n\r\nuntil close").complete);
}

TEST(HttpClient, ExpectsNoBodyWhereNoneCanBe) {
  EXPECT_TRUE(read_from("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "HEAD").complete);
  EXPECT_TRUE(read_from("HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n").complete);
}

TEST(HttpClient, FailsTheTestWhenAnAnswerDoesNotCome) {
  ScriptedPeer peer{hang()};
  EXPECT_NONFATAL_FAILURE(
      {
        HttpClient client(peer.address(), milliseconds{20});
        client.get("/");
      },
      "keeps the client waiting");
}

}  // namespace
}  // namespace sluice::tests
