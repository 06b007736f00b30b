// SPDX-License-Identifier: MIT
// An answer that comes without its request's body having been read.
#include <gtest/gtest.h>

#include "net/chunks.h"
#include "tests/support/running_proxy.h"
#include "tests/support/temp_folder.h"

namespace sluice::tests {
namespace {

constexpr const char* kSite =
    "server { listen 127.0.0.1:0; client_max_body_size 100; return 200 x; }";

TEST(UnreadBody, IsNotAskedForOnceItsRequestIsAnswered) {
  const RunningProxy proxy{kSite};
  HttpClient client = proxy.client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\nExpect: 100-continue\r\n\r\n");
  const HttpAnswer answer = client.read_answer("POST");
  EXPECT_EQ(answer.status, 200);
  client.shutdown_write();
  EXPECT_EQ(client.read_until_close(), "");  // no 100 behind the answer
}

TEST(UnreadBody, EndsTheConnectionAndTheAnswerSaysSo) {
  const RunningProxy proxy{kSite};
  HttpClient client = proxy.client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\npart of it");
  const HttpAnswer answer = client.read_answer("POST");
  EXPECT_EQ(answer.header("connection"), "close");
}

TEST(UnreadBody, ThatHasComeWholeDoesNotEndTheConnection) {
  const RunningProxy proxy{kSite};
  HttpClient client = proxy.client();
  for (int i = 0; i < 3; ++i) {
    const HttpAnswer answer = client.request("POST", "/", "", "all of it");
    EXPECT_EQ(answer.header("connection"), "keep-alive");
  }
}

TEST(UnreadBody, ThatIsTooLargeEndsTheConnection) {
  const RunningProxy proxy{kSite};
  HttpClient client = proxy.client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n");
  const HttpAnswer answer = client.read_answer("POST");
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.header("connection"), "close");
}

TEST(LongHead, IsLoggedAsItCameWhenItNeverEnds) {
  const TempFolder folder;
  RunningProxy proxy{
      "log_format line $request; server { listen 127.0.0.1:0; "
      "client_header_timeout 300ms; access_log " +
      folder.file("log") + " line; return 200 x; }"};
  HttpClient client = proxy.client();
  // Exactly the first chunk: it grows, and nothing more comes.
  std::string head = "GET /stalled HTTP/1.1\r\nHost: a\r\n";
  for (std::size_t end = 4096; end <= net::ChunkPool::kMessage; end += 4096) {
    head.append("X: ");
    head.append(end - head.size() - 2, 'x').append("\r\n");
  }
  ASSERT_EQ(head.size(), net::ChunkPool::kMessage);
  client.send(head);
  client.read_until_close();
  EXPECT_EQ(wait_for_lines(folder.file("log"), 1), "GET /stalled HTTP/1.1\n");
}

}  // namespace
}  // namespace sluice::tests
