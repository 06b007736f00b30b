// SPDX-License-Identifier: MIT
// Signals: what they end, and what they must not.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

namespace fs = std::filesystem;

// The parent may close what the serving process has said it does not need any more.
bool is_gone_soon(const std::string& path) {
  const Deadline deadline;
  while (fs::exists(path) && !deadline.passed()) std::this_thread::yield();
  return !fs::exists(path);
}

TEST(Process, WritesItsPidAndTakesItAwayAtTheEnd) {
  RunningProxy proxy{"server { listen 127.0.0.1:0; return 200 x; }"};
  std::ifstream file(proxy.folder().file("pid"));
  long pid = 0;
  file >> pid;
  EXPECT_EQ(pid, proxy.parent_pid());
  proxy.signal(SIGTERM);
  EXPECT_EQ(proxy.wait(), 0);
  EXPECT_FALSE(std::ifstream(proxy.folder().file("pid")).good());
}

// As in nginx: its folder says who may.
TEST(Process, LetsEverybodyConnectToItsUnixSocket) {
  const TempFolder folder;
  const std::string path = folder.file("socket");
  const RunningProxy proxy{"server { listen unix:" + path + "; return 200 x; }"};
  struct stat found {};
  ASSERT_EQ(::stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0666);
}

TEST(Process, TakesTheFileOfItsUnixSocketAway) {
  for (const char* mode : {"master_process on;", "master_process off;"}) {
    for (const int signal : {SIGQUIT, SIGTERM}) {
      const TempFolder folder;
      const std::string path = folder.file("socket");
      RunningProxy proxy{"server { listen unix:" + path + "; return 200 x; }", {.main = mode}};
      EXPECT_TRUE(fs::exists(path));
      proxy.signal(signal);
      EXPECT_EQ(proxy.wait(), 0);
      EXPECT_FALSE(fs::exists(path)) << mode << " signal " << signal;
    }
  }
}

TEST(Process, SaysWhoSentASignalAndWhatBecomesOfIt) {
  RunningProxy proxy{"server { listen 127.0.0.1:0; return 200 x; }"};
  proxy.signal(SIGTERM);
  EXPECT_EQ(proxy.wait(), 0);
  proxy.wait_for_log("signal 15 (SIGTERM) received from " + std::to_string(::getpid()) +
                     ", exiting");
}

TEST(Process, NamesAnAddressOnce) {
  const std::string address = closed_port();
  RunningProxy proxy{"server { listen " + address + "; return 200 x; }"};
  const auto line = proxy.wait_for_log("listening on ");
  ASSERT_TRUE(line);
  EXPECT_TRUE(line->ends_with("listening on " + address)) << *line;
}

// It drained while another was started in its place.
TEST(Process, LeavesThePidFileOfItsSuccessor) {
  RunningProxy proxy{"server { listen 127.0.0.1:0; return 200 x; }"};
  static_cast<void>(proxy.folder().write("pid", "1234567\n"));
  EXPECT_EQ(proxy.quit(), 0);
  EXPECT_EQ(read_file(proxy.folder().file("pid")), "1234567\n");
}

TEST(Process, EndsAtOnceOnTermWhateverIsInFlight) {
  ScriptedPeer peer{hang()};
  RunningProxy proxy{"server { listen 127.0.0.1:0; location / { proxy_pass http://" +
                     peer.address() + "; } }"};
  HttpClient client = proxy.client();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_for_requests(1);
  proxy.signal(SIGTERM);
  EXPECT_EQ(proxy.wait(), 0);
}

TEST(Process, FinishesWhatItBeganOnQuit) {
  std::atomic<bool> released = false;
  ScriptedPeer slow{Step{[&](PeerConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf ");
    while (!released) {
      std::this_thread::yield();
    }
    connection.send("whole");
  }}};
  RunningProxy proxy{"server { listen 127.0.0.1:0; location / { proxy_pass http://" +
                     slow.address() + "; } }"};
  HttpClient idle = proxy.client();
  HttpClient busy = proxy.client();
  busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  slow.wait_for_requests(1);
  proxy.signal(SIGQUIT);
  proxy.wait_for_log("signal 3");
  EXPECT_TRUE(idle.is_closed());
  released = true;
  const HttpAnswer answer = busy.read_answer();
  EXPECT_EQ(answer.body, "half whole");
  EXPECT_EQ(proxy.wait(), 0);
}

TEST(Process, AnswersAClientThatHadJustConnectedAtQuit) {
  RunningProxy proxy{"server { listen 127.0.0.1:0; return 200 own; }"};
  HttpClient fresh = proxy.client();
  HttpClient kept = proxy.client();
  EXPECT_EQ(kept.get("/").status, 200);  // so the one before has been accepted, too
  proxy.signal(SIGQUIT);
  EXPECT_TRUE(kept.is_closed());  // it drains
  const HttpAnswer answer = fresh.get("/");
  EXPECT_EQ(answer.body, "own");
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_EQ(proxy.wait(), 0);
}

TEST(Reload, TakesTheNewConfigurationAlsoOnOldConnections) {
  RunningProxy proxy{"server { listen 127.0.0.1:0; return 200 old; }"};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.get("/").body, "old");
  proxy.reconfigure("server { listen 127.0.0.1:0; return 200 new; }");
  proxy.signal(SIGHUP);
  proxy.wait_for_log("reconfigured");
  const Deadline deadline;
  std::string body = "old";
  while (body == "old" && !deadline.passed()) {
    body = client.get("/").body;  // each worker takes it up in its own time
  }
  EXPECT_EQ(body, "new");
}

TEST(Reload, LeavesEverythingAsItWasWhenTheConfigurationIsBad) {
  RunningProxy proxy{"server { listen 127.0.0.1:0; return 200 old; }"};
  proxy.reconfigure("server { listen 127.0.0.1:0; retrun 200 new; }");
  proxy.signal(SIGHUP);
  proxy.wait_for_log("unknown directive \"retrun\"");
  EXPECT_EQ(proxy.get("/").body, "old");
}

TEST(Reload, WithWeightsThatNoRingCanHoldLeavesEverythingAsItWas) {
  RunningProxy proxy{"server { listen 127.0.0.1:0; return 200 old; }"};
  const pid_t serving = proxy.pid();
  const std::string server = "server { listen 127.0.0.1:0; location / { proxy_pass http://u; } }";
  proxy.reconfigure(
      "upstream u { hash $uri consistent; server 127.0.0.1:1 weight=1000000; "
      "server 127.0.0.1:2 weight=1000000; }" +
      server);
  proxy.signal(SIGHUP);
  EXPECT_TRUE(
      proxy.wait_for_log("total weight 2000000 is too large for \"hash $uri consistent\" in "));
  EXPECT_EQ(proxy.get("/").body, "old");
  EXPECT_EQ(proxy.pid(), serving);
  proxy.reconfigure("server { listen 127.0.0.1:0; return 200 new; }");
  proxy.signal(SIGHUP);
  EXPECT_TRUE(proxy.wait_for_log("reconfigured"));
  EXPECT_EQ(proxy.pid(), serving);
}

TEST(Reload, TellsWhoeverTypesItWhatIsWrong) {
  RunningProxy proxy{"server { listen 127.0.0.1:0; return 200 old; }"};
  const std::size_t lines = proxy.stderr_lines().size();
  // Words that parse, and mean nothing: only a whole check finds that.
  proxy.reconfigure("server { listen 127.0.0.1:0; location ~ ( { return 200 new; } }");
  ChildProcess reload({std::getenv("SLUICE_BINARY"), "-p", proxy.folder().path(), "-c",
                       proxy.folder().file("nginx.conf"), "-s", "reload"});
  EXPECT_EQ(reload.wait(), 1);
  EXPECT_TRUE(reload.wait_for_line(ChildProcess::err, "[emerg]"));
  EXPECT_EQ(proxy.stderr_lines().size(), lines) << "no signal was sent";
  EXPECT_EQ(proxy.get("/").body, "old");
}

TEST(Reload, SaysWhatOnlyTheServingProcessFinds) {
  RunningProxy proxy{"server { listen 127.0.0.1:0; return 200 old; }"};
  proxy.reconfigure(
      "server { listen 127.0.0.1:0; location ~ ( { return 200 new; } } "
      "server { listen 127.0.0.2:0; }");
  proxy.signal(SIGHUP);
  proxy.wait_for_log("; the running configuration stays");
  EXPECT_EQ(proxy.addresses().size(), 1u);
  EXPECT_EQ(proxy.get("/").body, "old");
  proxy.reconfigure("server { listen 127.0.0.1:0; return 200 new; }");
  proxy.signal(SIGHUP);
  proxy.wait_for_log("reconfigured");
  EXPECT_EQ(proxy.get("/").body, "new");
}

TEST(Reload, ThatFindsAPortTakenChangesNothing) {
  const Socket taken = listen_on("127.0.0.1:0");
  RunningProxy proxy{"server { listen 127.0.0.1:0; return 200 old; }"};
  proxy.reconfigure("server { listen 127.0.0.1:0; return 200 new; } server { listen " +
                    local_address(taken) + "; }");
  proxy.signal(SIGHUP);
  proxy.wait_for_log("failed (98: Address already in use); the running configuration stays");
  EXPECT_EQ(proxy.get("/").body, "old");
}

TEST(Reload, OpensNewAddressesAndClosesOldOnes) {
  RunningProxy proxy{"server { listen 127.0.0.1:0; return 200 one; }"};
  const std::string first = proxy.address();
  proxy.reconfigure("server { listen 127.0.0.2:0; return 200 two; }");
  proxy.signal(SIGHUP);
  proxy.wait_for_log("reconfigured");
  EXPECT_EQ(http_get(proxy.address(1), "/").body, "two");
  const Deadline deadline;
  bool refused = false;
  while (!refused && !deadline.passed()) {
    try {
      const HttpClient late{first};
    } catch (const std::runtime_error&) {
      refused = true;
    }
  }
  EXPECT_TRUE(refused);
}

TEST(Reload, TakesTheFileOfASocketAwayThatItCloses) {
  for (const char* mode : {"master_process on;", "master_process off;"}) {
    const TempFolder folder;
    const std::string path = folder.file("socket");
    const std::string tcp = "server { listen 127.0.0.1:0; return 200 x; }";
    RunningProxy proxy{tcp + "server { listen unix:" + path + "; return 200 x; }", {.main = mode}};
    proxy.reconfigure(tcp, {.main = mode});
    proxy.signal(SIGHUP);
    proxy.wait_for_log("reconfigured");
    EXPECT_TRUE(is_gone_soon(path)) << mode;
  }
}

TEST(Reload, ThatIsRefusedLeavesNoSocketBehind) {
  const TempFolder folder;
  const std::string path = folder.file("socket");
  RunningProxy proxy{"server { listen 127.0.0.1:0; return 200 old; }"};
  proxy.reconfigure("server { listen 127.0.0.1:0; listen unix:" + path +
                    "; location ~ ( { return 200 new; } }");
  proxy.signal(SIGHUP);
  proxy.wait_for_log("; the running configuration stays");
  EXPECT_TRUE(is_gone_soon(path));
}

TEST(Workers, ShareThePicksOfAnUpstream) {
  ScriptedPeer one{respond(200, "1")};
  ScriptedPeer two{respond(200, "2")};
  ScriptedPeer three{respond(200, "3")};
  const RunningProxy proxy{"upstream group { server " + one.address() + "; server " +
                               two.address() + "; server " + three.address() +
                               "; } server { listen 127.0.0.1:0; location / { proxy_pass "
                               "http://group; } }",
                           {.main = "worker_processes 2;"}};
  std::string picks;
  for (int i = 0; i < 30; ++i) {
    picks += proxy.get("/").body;  // a connection each: either worker may have it
  }
  std::string expected;
  for (int i = 0; i < 10; ++i) {
    expected += "123";
  }
  EXPECT_EQ(picks, expected);
}

}  // namespace
}  // namespace sluice::tests
