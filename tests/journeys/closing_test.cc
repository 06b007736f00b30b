// SPDX-License-Identifier: MIT
// How the connection of a client ends: politely, at once, or with a reset.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

// Over a unix: socket a client sees whether the other side has only said that it is done, or has
// closed.
struct LocalSite {
  explicit LocalSite(const std::string& lines)
      : proxy{"server { listen unix:" + folder.file("web") + "; " + lines + " return 200 x; }"} {}
  [[nodiscard]] HttpClient client() const { return HttpClient("unix:" + folder.file("web")); }

  TempFolder folder;
  RunningProxy proxy;
};

bool is_closed_within(const HttpClient& client, milliseconds patience) {
  pollfd waited{client.socket().fd(), 0, 0};
  return ::poll(&waited, 1, static_cast<int>(patience.count())) > 0 &&
         (waited.revents & (POLLHUP | POLLERR)) != 0;
}

constexpr std::string_view kUnfinished =
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nbeginning";

TEST(LingeringClose, KeepsReadingWhatTheClientIsStillSending) {
  const LocalSite site{"lingering_timeout 1h; lingering_time 1h;"};
  HttpClient client = site.client();
  client.send(kUnfinished);
  EXPECT_EQ(client.read_answer().body, "x");
  EXPECT_TRUE(client.is_closed());  // for writing
  EXPECT_FALSE(is_closed_within(client, milliseconds{50}));
  EXPECT_TRUE(send_all(client.socket(), "more", Deadline{}));
  client.shutdown_write();
  EXPECT_TRUE(is_closed_within(client, kPatience));
}

TEST(LingeringClose, EndsWhenTheClientIsSilent) {
  const LocalSite site{"lingering_timeout 50ms; lingering_time 1h;"};
  HttpClient client = site.client();
  client.send(kUnfinished);
  EXPECT_EQ(client.read_answer().body, "x");
  EXPECT_TRUE(is_closed_within(client, kPatience));
}

TEST(LingeringClose, EndsAfterItsTimeThoughTheClientGoesOn) {
  const LocalSite site{"lingering_timeout 1h; lingering_time 100ms;"};
  HttpClient client = site.client();
  client.send(kUnfinished);
  EXPECT_EQ(client.read_answer().body, "x");
  const Deadline deadline;
  while (!deadline.passed() && send_all(client.socket(), "more", deadline)) {
    is_closed_within(client, milliseconds{10});
  }
  EXPECT_FALSE(deadline.passed());
}

TEST(LingeringClose, CanBeTurnedOff) {
  const LocalSite site{"lingering_close off;"};
  HttpClient client = site.client();
  client.send(kUnfinished);
  EXPECT_EQ(client.read_answer().body, "x");
  EXPECT_TRUE(is_closed_within(client, kPatience));
}

TEST(LingeringClose, IsOnlyForClientsThatMayStillSend) {
  const LocalSite site{"lingering_timeout 1h; lingering_time 1h;"};
  HttpClient client = site.client();
  EXPECT_EQ(client.get("/", "Connection: close\r\n").body, "x");
  EXPECT_TRUE(is_closed_within(client, kPatience));
}

TEST(LingeringClose, CanBeForAll) {
  const LocalSite site{"lingering_close always; lingering_timeout 1h; lingering_time 1h;"};
  HttpClient client = site.client();
  EXPECT_EQ(client.get("/", "Connection: close\r\n").body, "x");
  EXPECT_TRUE(client.is_closed());
  EXPECT_FALSE(is_closed_within(client, milliseconds{50}));
}

TEST(LingeringClose, DoesNotKeepAnEndingProxyForLong) {
  LocalSite site{"lingering_timeout 100ms;"};
  HttpClient client = site.client();
  client.send(kUnfinished);
  EXPECT_EQ(client.read_answer().body, "x");
  EXPECT_EQ(site.proxy.quit(), 0);
}

std::string proxy_to(const ScriptedPeer& peer, const std::string& lines) {
  return "server { listen 127.0.0.1:0; " + lines + " location / { proxy_pass http://" +
         peer.address() + "; } location = /drop { return 444; } }";
}

// What ends the connection, after everything that was sent.
ReadResult end_of(const HttpClient& client, std::string& received) {
  for (const Deadline deadline;;) {
    const ReadResult result = read_some(client.socket(), received, deadline);
    if (result != ReadResult::bytes) return result;
  }
}

ReadResult end_after(const RunningProxy& proxy, std::string_view bytes) {
  const HttpClient client = proxy.client();
  EXPECT_TRUE(send_all(client.socket(), bytes, Deadline{}));
  std::string received;
  const ReadResult end = end_of(client, received);
  EXPECT_EQ(received, "") << bytes;
  return end;
}

constexpr std::string_view kSlowHead = "GET / HTTP/1.1\r\nHost:";
constexpr std::string_view kSlowBody = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
constexpr std::string_view kDropped = "GET /drop HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(Reset, IsForClientsThatTookTooLongWhenAskedFor) {
  ScriptedPeer peer{respond(200)};
  const TempFolder folder;
  const RunningProxy proxy{"log_format s $status; access_log " + folder.file("log") + " s; " +
                           proxy_to(peer,
                                    "reset_timedout_connection on; client_header_timeout 100ms; "
                                    "client_body_timeout 100ms;")};
  EXPECT_EQ(end_after(proxy, kSlowHead), ReadResult::reset);
  EXPECT_EQ(end_after(proxy, kSlowBody), ReadResult::reset);
  EXPECT_EQ(end_after(proxy, kDropped), ReadResult::reset);
  EXPECT_EQ(wait_for_lines(folder.file("log"), 3), "408\n408\n444\n");
}

TEST(Reset, IsNotTheRule) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{
      proxy_to(peer, "client_header_timeout 100ms; client_body_timeout 100ms;")};
  EXPECT_EQ(end_after(proxy, kDropped), ReadResult::end);
  for (const std::string_view slow : {kSlowHead, kSlowBody}) {
    HttpClient client = proxy.client();
    client.send(slow);
    EXPECT_EQ(client.read_answer().status, 408);
    EXPECT_TRUE(client.is_closed());
  }
}

TEST(Reset, EndsAnAnswerThatIsNotTaken) {
  ScriptedPeer peer{respond(200, std::string(20'000'000, 'x'))};
  RunningProxy proxy{proxy_to(peer, "reset_timedout_connection on; send_timeout 100ms;")};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_for_requests(1);
  peer.wait_until_all_closed();  // given up, not finished
  std::string received;
  EXPECT_EQ(end_of(client, received), ReadResult::reset);
  EXPECT_LT(received.size(), 20'000'000u);
}

// A byte now and then is not enough: the time is for the whole head.
TEST(Reset, OrARefusalIsForTheClientThatTrickles) {
  ScriptedPeer peer{respond(200)};
  const RunningProxy proxy{proxy_to(peer, "client_header_timeout 200ms;")};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
  const Deadline deadline;
  while (!deadline.passed() && !wait_readable(client.socket(), Deadline{milliseconds{10}})) {
    send_all(client.socket(), "x", deadline);
  }
  EXPECT_EQ(client.read_answer().status, 408);
  EXPECT_EQ(peer.requests().size(), 0u);
}

}  // namespace
}  // namespace sluice::tests
