// SPDX-License-Identifier: MIT
// More connections than may be: `worker_connections`, and the descriptors of the process.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>
#include <list>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

std::string proxy_to(const ScriptedPeer& peer) {
  return "server { listen 127.0.0.1:0; location / { proxy_pass http://" + peer.address() +
         "; } location = /own { return 200 own; } }";
}

std::size_t count_lines(const RunningProxy& proxy, std::string_view text) {
  std::size_t count = 0;
  for (const std::string& line : proxy.stderr_lines()) {
    count += line.find(text) != std::string::npos ? 1u : 0u;
  }
  return count;
}

TEST(WorkerConnections, AreMadeRoomForByClosingTheClientThatWasIdleLongest) {
  ScriptedPeer peer{respond(200, "ok")};
  RunningProxy proxy{proxy_to(peer), {.events = "worker_connections 20;"}};
  std::list<HttpClient> clients;
  for (int i = 0; i < 60; ++i) {
    EXPECT_EQ(clients.emplace_back(proxy.address()).get("/own").body, "own");
  }
  proxy.wait_for_log("[warn]");
  proxy.wait_for_log("20 worker_connections are not enough, reusing connections");
  EXPECT_TRUE(clients.front().is_closed());
  EXPECT_EQ(clients.back().get("/").body, "ok");  // there is room for a peer too
}

TEST(WorkerConnections, CountClientsAndPeersAndTheNextClientIsTurnedAway) {
  ScriptedPeer peer{[](PeerConnection& connection) {
    if (connection.read_request()) connection.wait_for_close();
  }};
  RunningProxy proxy{proxy_to(peer), {.events = "worker_connections 8;"}};
  std::list<HttpClient> clients;
  for (std::size_t i = 0; i < 4; ++i) {
    clients.emplace_back(proxy.address()).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    peer.wait_for_requests(i + 1);
  }
  EXPECT_TRUE(proxy.client().is_closed());
  proxy.wait_for_log("[alert]");
  proxy.wait_for_log("8 worker_connections are not enough");

  clients.clear();  // their peers' connections go with them
  peer.wait_until_all_closed();
  EXPECT_EQ(proxy.get("/own").body, "own");
}

TEST(WorkerConnections, ThatLeaveNoneForThePeerAnswer500) {
  ScriptedPeer peer{respond(200)};
  RunningProxy proxy{proxy_to(peer), {.events = "worker_connections 1;"}};
  EXPECT_EQ(proxy.get("/own").body, "own");
  EXPECT_EQ(proxy.get("/").status, 500);
  EXPECT_EQ(peer.accepted(), 0u);
}

TEST(WorkerConnections, AreTakenFromIdlePeersWhenNoClientIsIdle) {
  ScriptedPeer idle{respond(200, "ok")};
  ScriptedPeer busy{hang()};
  const RunningProxy proxy{"server { listen 127.0.0.1:0; location / { proxy_pass http://" +
                               idle.address() + "; } location = /busy { proxy_pass http://" +
                               busy.address() + "; } location = /own { return 200 own; } }",
                           {.events = "worker_connections 3;"}};
  HttpClient first = proxy.client();
  EXPECT_EQ(first.get("/").body, "ok");
  first.send("GET /busy HTTP/1.1\r\nHost: a\r\n\r\n");
  busy.wait_for_requests(1);  // a client, an idle peer, a busy one
  EXPECT_EQ(proxy.get("/own").body, "own");
  idle.wait_until_all_closed();
}

rlimit limit_of(const RunningProxy& proxy) {
  rlimit limit{};
  ::prlimit(proxy.pid(), RLIMIT_NOFILE, nullptr, &limit);
  return limit;
}

// With a soft limit that is smaller than the hard one, for as long as it lives.
class LowSoftLimit {
 public:
  explicit LowSoftLimit(rlim_t soft) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit low{soft, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &low);
  }
  ~LowSoftLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  LowSoftLimit(const LowSoftLimit&) = delete;
  LowSoftLimit& operator=(const LowSoftLimit&) = delete;

 private:
  rlimit before_{};
};

constexpr const char* kOwn = "server { listen 127.0.0.1:0; return 200 own; }";

TEST(DescriptorLimit, IsRaisedAsFarAsWorkerConnectionsNeed) {
  const LowSoftLimit low{200};
  const RunningProxy proxy{kOwn,
                           {.main = "worker_processes 2;", .events = "worker_connections 300;"}};
  EXPECT_GE(limit_of(proxy).rlim_cur, 600u);
  EXPECT_EQ(count_lines(proxy, "exceed open file resource limit"), 0u);
}

TEST(DescriptorLimit, IsWhatWorkerRlimitNofileSaysForEachWorker) {
  const LowSoftLimit low{200};
  RunningProxy proxy{kOwn, {.main = "worker_processes 2; worker_rlimit_nofile 150;"}};
  EXPECT_EQ(limit_of(proxy).rlim_cur, 300u);
  proxy.wait_for_log("1024 worker_connections exceed open file resource limit: 300");
}

// The undefined-behaviour sanitizer asks the system through a pipe whether memory can be read:
// where descriptors are short it sees ghosts.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

// Lowers the limit of the running proxy, so that `more` descriptors are left.
void leave_descriptors(const RunningProxy& proxy, rlim_t more) {
  const std::filesystem::directory_iterator open{"/proc/" + std::to_string(proxy.pid()) + "/fd"};
  const rlim_t most = static_cast<rlim_t>(std::distance(begin(open), end(open))) + more;
  const rlimit limit{most, most};
  ASSERT_EQ(::prlimit(proxy.pid(), RLIMIT_NOFILE, &limit, nullptr), 0);
}

TEST(Descriptors, ThatRunOutAreTakenFromIdleClients) {
  if (kSanitized) {
    GTEST_SKIP();
  }
  ScriptedPeer peer{respond(200)};
  RunningProxy proxy{proxy_to(peer)};
  leave_descriptors(proxy, 20);
  std::list<HttpClient> clients;
  for (int i = 0; i < 60; ++i) {
    EXPECT_EQ(clients.emplace_back(proxy.address()).get("/own").body, "own");
  }
  proxy.wait_for_log("accept4() failed (24: Too many open files)");
}

TEST(Descriptors, ForAPeerAreTakenFromIdleClientsToo) {
  if (kSanitized) {
    GTEST_SKIP();
  }
  ScriptedPeer peer{respond(200, "ok")};
  const RunningProxy proxy{proxy_to(peer)};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.get("/own").body, "own");
  leave_descriptors(proxy, 10);
  std::list<HttpClient> idle;
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(idle.emplace_back(proxy.address()).get("/own").body, "own");
  }
  EXPECT_EQ(client.get("/").body, "ok");
}

TEST(Descriptors, ThatRunOutAreNotTakenFromClientsThatHaveJustConnected) {
  if (kSanitized) {
    GTEST_SKIP();
  }
  ScriptedPeer peer{respond(200)};
  RunningProxy proxy{proxy_to(peer)};
  leave_descriptors(proxy, 20);
  std::list<HttpClient> clients;
  for (int i = 0; i < 100; ++i) {
    clients.emplace_back(proxy.address())
        .send("GET /own HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  }
  for (HttpClient& client : clients) {
    EXPECT_EQ(client.read_answer().body, "own");
  }
}

long cpu_ticks(pid_t pid) {
  const std::string stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  std::size_t at = stat.rfind(')') + 1;
  for (int field = 2; field < 13; ++field) at = stat.find(' ', at + 1);
  char* rest = nullptr;
  const long user = std::strtol(stat.c_str() + at, &rest, 10);
  return user + std::strtol(rest, nullptr, 10);
}

TEST(Descriptors, ThatRunOutMakeClientsWaitAndNobodySpin) {
  if (kSanitized) {
    GTEST_SKIP();
  }
  ScriptedPeer peer{respond(200)};
  RunningProxy proxy{proxy_to(peer)};
  leave_descriptors(proxy, 20);
  std::list<HttpClient> slow;
  for (int i = 0; i < 20; ++i) {
    // The answer to the first request says that the half one behind it was read too: not idle.
    slow.emplace_back(proxy.address())
        .send("GET /own HTTP/1.1\r\nHost: a\r\n\r\nGET /own HTTP/1.1\r\n");
    EXPECT_EQ(slow.back().read_answer().body, "own");
  }
  HttpClient waiting = proxy.client();
  waiting.send("GET /own HTTP/1.1\r\nHost: a\r\n\r\n");
  proxy.wait_for_log("accept4() failed (24: Too many open files)");
  const std::size_t from = proxy.stderr_lines().size();
  const long before = cpu_ticks(proxy.pid());
  proxy.wait_for_log("accept4() failed", from);  // once a second: time has passed
  EXPECT_LT(cpu_ticks(proxy.pid()) - before, 50) << "ticks of 10 ms";
  EXPECT_LE(count_lines(proxy, "accept4() failed"), 10u);

  slow.clear();
  EXPECT_EQ(waiting.read_answer().body, "own");
}

}  // namespace
}  // namespace sluice::tests
