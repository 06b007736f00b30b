// SPDX-License-Identifier: MIT
// WebSocket through sluice, between real implementations: Debian's python3-websockets at one end,
// it or Tornado at the other.
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <tuple>

#include "tests/support/child_process.h"
#include "tests/support/http_client.h"
#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

std::string script(const std::string& name) {
  return std::string(std::getenv("SLUICE_SOURCE")) + "/tests/system/websocket/" + name;
}

class EchoServer {
 public:
  explicit EchoServer(const std::string& kind)
      : process_({"/usr/bin/python3", script("echo.py"), kind}) {
    const auto line = process_.wait_for_line(ChildProcess::out, "listening on ");
    address_ = line ? line->substr(line->rfind(' ') + 1) : "";
  }
  [[nodiscard]] const std::string& address() const { return address_; }
  bool saw_close(const std::string& code) {
    return process_.wait_for_line(ChildProcess::out, "closed " + code).has_value();
  }

 private:
  ChildProcess process_;
  std::string address_;
};

// "ok", or what went wrong.
std::string play(const RunningProxy& proxy, const std::string& scenario) {
  ChildProcess client({"/usr/bin/python3", script("client.py"), proxy.address(), scenario});
  const int code = client.wait();
  std::string said;
  for (const auto stream : {ChildProcess::out, ChildProcess::err}) {
    for (const std::string& line : client.all_lines(stream)) said += line + "\n";
  }
  return code == 0 && said == "ok\n" ? "ok" : said + "exit code " + std::to_string(code);
}

struct Lines {
  const char* name;
  const char* at_http;
  const char* at_location;
};

void PrintTo(const Lines& lines, std::ostream* out) {
  *out << lines.name;
}

constexpr Lines kUsual{"UsualLines", "",
                       "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; "
                       "proxy_set_header Connection \"upgrade\";"};
constexpr Lines kMap{"Map", "map $http_upgrade $connection_upgrade { default upgrade; '' close; }",
                     "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; "
                     "proxy_set_header Connection $connection_upgrade;"};
constexpr Lines kNone{"NoLines", "", ""};

class WebSocket : public testing::TestWithParam<std::tuple<const char*, Lines>> {
 protected:
  static std::string configuration(const std::string& address, const std::string& more = "") {
    const Lines& lines = std::get<1>(GetParam());
    return std::string(lines.at_http) +
           " server { listen 127.0.0.1:0; location / { proxy_pass http://" + address + "; " +
           lines.at_location + more + " } }";
  }

  EchoServer server_{std::get<0>(GetParam())};
  RunningProxy proxy_{configuration(server_.address())};
};

TEST_P(WebSocket, EchoesMessagesOfEverySize) {
  EXPECT_EQ(play(proxy_, "echo"), "ok");
  EXPECT_EQ(play(proxy_, "large"), "ok");
  EXPECT_EQ(play(proxy_, "many"), "ok");
}

TEST_P(WebSocket, AnswersPings) {
  EXPECT_EQ(play(proxy_, "ping"), "ok");
}

TEST_P(WebSocket, PassesCloseCodesOn) {
  EXPECT_EQ(play(proxy_, "close_by_client"), "ok");
  EXPECT_TRUE(server_.saw_close("4000"));
  EXPECT_EQ(play(proxy_, "close_by_server"), "ok");
}

TEST_P(WebSocket, EndsWhenEitherSideVanishes) {
  EXPECT_EQ(play(proxy_, "server_vanishes"), "ok");
  EXPECT_TRUE(server_.saw_close("1006"));
  EXPECT_EQ(play(proxy_, "client_vanishes"), "ok");
  EXPECT_TRUE(server_.saw_close("1006"));
}

TEST_P(WebSocket, EndsAfterProxyReadTimeoutOfSilence) {
  RunningProxy proxy{"error_log stderr info;" +
                     configuration(server_.address(), " proxy_read_timeout 300ms;")};
  EXPECT_EQ(play(proxy, "idle"), "ok");
  EXPECT_TRUE(server_.saw_close("1006"));
  proxy.wait_for_log(
      "upstream timed out (110: Connection timed out) while proxying upgraded connection");
}

INSTANTIATE_TEST_SUITE_P(, WebSocket,
                         testing::Combine(testing::Values("websockets", "tornado"),
                                          testing::Values(kUsual, kMap, kNone)),
                         [](const auto& one) {
                           return std::string(std::get<0>(one.param)) + std::get<1>(one.param).name;
                         });

}  // namespace
}  // namespace sluice::tests
