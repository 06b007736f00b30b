// SPDX-License-Identifier: MIT
// sluice-backend does what its routes and options say: the journeys rely on it.
#include <csignal>

#include <gtest/gtest.h>

#include "backend/pattern.h"
#include "tests/support/http_client.h"
#include "tests/support/running_backend.h"
#include "tests/support/temp_folder.h"

namespace sluice::tests {
namespace {

bool is_pattern(std::string_view body) {
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != backend::pattern_at(i)) return false;
  }
  return true;
}

TEST(Backend, SaysWhoItIs) {
  RunningBackend backend{{"--name", "a"}};
  HttpClient client(backend.address());
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.get("/");
    EXPECT_EQ(answer.body, "a\n");
    EXPECT_EQ(answer.header("X-Backend"), "a");
  }
  EXPECT_EQ(client.get("/status/404").status, 404);
  EXPECT_EQ(client.get("/status/204").header("Content-Length"), "");
  EXPECT_EQ(client.get("/none").status, 404);
}

TEST(Backend, SendsBodiesOfEverySizeAndFraming) {
  RunningBackend backend;
  HttpClient client(backend.address());
  for (const std::size_t size : {0u, 1u, 16'384u, 16'385u, 65'536u, 65'537u, 3'000'000u}) {
    for (const std::string route : {"/bytes/", "/chunked/"}) {
      const auto answer = client.get(route + std::to_string(size));
      EXPECT_TRUE(answer.complete);
      EXPECT_EQ(answer.body.size(), size);
      EXPECT_TRUE(is_pattern(answer.body));
    }
    const auto answer = http_get(backend.address(), "/close/" + std::to_string(size));
    EXPECT_EQ(answer.body.size(), size);
    EXPECT_FALSE(answer.has("Content-Length"));
  }
  EXPECT_EQ(client.request("HEAD", "/bytes/5").header("Content-Length"), "5");
  EXPECT_EQ(client.get("/trailers").trailers.size(), 1u);
}

TEST(Backend, EchoesAndSumsABody) {
  RunningBackend backend;
  HttpClient client(backend.address());
  EXPECT_EQ(client.request("POST", "/echo", "", "hello").body, "hello");
  EXPECT_EQ(client.request("POST", "/sum", "", "123456789").body, "9 cbf43926\n");
  EXPECT_EQ(client.request("POST", "/", "", "out of the way").status, 200);
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  const auto answer = client.read_answer();
  EXPECT_EQ(answer.header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(answer.body, "abc");
}

TEST(Backend, GivesBackTheHeadItReceived) {
  RunningBackend backend;
  HttpClient client(backend.address());
  const std::string head = "GET /headers HTTP/1.1\r\nhost:   a\r\nX-Odd:\tvalue \r\n\r\n";
  client.send(head + head);
  EXPECT_EQ(client.read_answer().body, head);
  EXPECT_EQ(client.read_answer().body, head);
}

TEST(Backend, AsksForTheBodyOfAPatientClient) {
  RunningBackend backend;
  HttpClient client(backend.address());
  client.send("POST /sum HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 100);
  client.send("x");
  EXPECT_EQ(client.read_answer().body.substr(0, 2), "1 ");
}

TEST(Backend, FailsAsItIsTold) {
  RunningBackend closing{{"--close-after", "2"}};
  HttpClient client(closing.address());
  EXPECT_EQ(client.get("/").header("Connection"), "");
  EXPECT_EQ(client.get("/").header("Connection"), "");
  EXPECT_TRUE(client.is_closed());

  RunningBackend dying{{"--die-after", "1"}};
  EXPECT_EQ(http_get(dying.address(), "/").status, 200);
  EXPECT_EQ(dying.process().wait(), 1);

  RunningBackend idle{{"--close-idle", "10"}};
  EXPECT_TRUE(HttpClient(idle.address()).is_closed());

  RunningBackend resetting{{"--reset-after", "100000"}};
  const auto cut = http_get(resetting.address(), "/bytes/200000");
  EXPECT_FALSE(cut.complete);
  EXPECT_EQ(cut.body.size(), 100'000u);

  RunningBackend odd{{"--garbage"}};
  HttpClient puzzled(odd.address());
  puzzled.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_FALSE(puzzled.read_until_close().starts_with("HTTP/"));

  RunningBackend unwell{{"--status-all", "503", "--delay", "1"}};
  EXPECT_EQ(http_get(unwell.address(), "/").status, 503);
}

TEST(Backend, ListensOnSeveralAddressesWithSeveralThreads) {
  const TempFolder folder;
  const std::string path = "unix:" + folder.file("socket");
  RunningBackend backend{{"--threads", "2", "--listen", path, "--listen", "127.0.0.1:0"}};
  EXPECT_EQ(http_get(path, "/").body, path + "\n");
  backend.process().signal(SIGTERM);
  EXPECT_EQ(backend.process().wait(), 0);
}

}  // namespace
}  // namespace sluice::tests
