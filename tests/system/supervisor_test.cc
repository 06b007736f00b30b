// SPDX-License-Identifier: MIT
// The whole system under Debian's supervisord, as the user runs it: programs are stopped and
// started, and every kind of process is killed, under steady requests.
#include <algorithm>
#include <iostream>
#include <list>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/http_client.h"
#include "tests/system/outage_watch.h"
#include "tests/system/supervised.h"

namespace sluice::tests {
namespace {

// A peer that failed rests for ten seconds, which is fail_timeout's default, before it is asked
// again.
constexpr milliseconds kRest = kPatience + milliseconds{20'000};

const std::map<std::string, std::string> kAllRun{
    {"nginx", "RUNNING"}, {kFirst, "RUNNING"}, {kSecond, "RUNNING"}};

class Supervisor : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(system_.wait_until_all_run());
    ASSERT_TRUE(both_answer_in_turn());  // an earlier test on the same container may be felt still
  }

  // Two clients, so that both of sluice's threads are asked.
  void watch() {
    for (int i = 0; i < 2; ++i) clients_.emplace_back(system_.address());
    ASSERT_TRUE(all_get_answers(50));
  }
  bool all_get_answers(int more) {
    return std::ranges::all_of(clients_, [more](auto& c) { return c.wait_for_answers(more); });
  }
  int failures() {
    int sum = 0;
    for (auto& client : clients_) sum += client.failures();
    return sum;
  }
  // Says how long requests failed, and returns it.
  milliseconds outage_of(const std::string& what) {
    milliseconds longest{0};
    for (auto& client : clients_) longest = std::max(longest, client.outage());
    std::cout << what << ": requests failed for " << longest.count() << " ms, " << failures()
              << " of them" << std::endl;
    RecordProperty("outage_ms", static_cast<int>(longest.count()));
    return longest;
  }

  // How many of ten answers came from which port.
  std::map<std::string, int> ports_of_ten() {
    std::map<std::string, int> ports;
    for (int i = 0; i < 10; ++i) {
      const HttpAnswer answer = http_get(system_.address(), "/");
      EXPECT_EQ(answer.status, 200);
      EXPECT_EQ(answer.body, "Hello, Tornado");
      ++ports[answer.header("X-Port")];
    }
    return ports;
  }
  // Also while the clients ask.
  bool both_answer() {
    const Deadline deadline(kRest);
    while (!deadline.passed()) {
      if (ports_of_ten().size() == 2) return true;
    }
    return false;
  }
  // When nobody else asks.
  bool both_answer_in_turn() {
    for (auto& client : clients_) client.stop();
    const Deadline deadline(kRest);
    while (!deadline.passed()) {
      const auto ports = ports_of_ten();
      if (ports.size() == 2 && ports.begin()->second == 5) return true;
    }
    return false;
  }
  // The process that has the clients: the child of the one that Supervisor knows, or that one.
  std::string serving() {
    const std::string parent = system_.pid("nginx");
    if (parent == "0") return "";
    const std::string child = system_.child_of(parent);
    return child.empty() ? parent : child;
  }

  Supervised system_;
  std::list<OutageWatch> clients_;
};

TEST_F(Supervisor, RunsThreeProgramsAndTheTornadoProcessesTakeTurns) {
  EXPECT_EQ(system_.states(), kAllRun);
  std::map<std::string, int> answers;
  std::string last;
  for (int i = 0; i < 10; ++i) {
    const std::string process = http_get(system_.address(), "/").header("X-Process");
    EXPECT_NE(process, last);
    ++answers[process];
    last = process;
  }
  const std::map<std::string, int> five_each{{system_.pid(kFirst), 5}, {system_.pid(kSecond), 5}};
  EXPECT_EQ(answers, five_each);
}

TEST_F(Supervisor, StopsATornadoProcessWithoutAFailedRequestAndItGetsItsShareWhenStartedAgain) {
  watch();
  const std::vector<std::string> stopped{std::string(kSecond) + ": stopped"};
  EXPECT_EQ(system_.ctl({"stop", kSecond}), stopped);
  EXPECT_TRUE(all_get_answers(200));
  EXPECT_EQ(system_.states()[kSecond], "STOPPED");
  EXPECT_EQ(ports_of_ten().size(), 1u);
  const std::vector<std::string> started{std::string(kSecond) + ": started"};
  EXPECT_EQ(system_.ctl({"start", kSecond}), started);
  EXPECT_TRUE(both_answer());
  outage_of("stop and start of a Tornado process");
  EXPECT_EQ(failures(), 0);
  EXPECT_TRUE(both_answer_in_turn());
}

TEST_F(Supervisor, BringsBackAKilledTornadoProcessAndNoRequestFails) {
  watch();
  const int times = system_.times_running("tornado-8001");
  const std::string killed = system_.pid(kSecond);
  system_.kill(killed);
  EXPECT_TRUE(system_.wait_until_running("tornado-8001", times + 1));
  EXPECT_NE(system_.pid(kSecond), killed);
  EXPECT_TRUE(both_answer());
  outage_of("kill -9 of a Tornado process");
  EXPECT_EQ(failures(), 0);
  EXPECT_TRUE(both_answer_in_turn());
}

// The parent starts another at once; without a parent (`master_process off`) Supervisor does.
TEST_F(Supervisor, ServingProcessIsBackWhenItWasKilled) {
  watch();
  const std::string parent = system_.pid("nginx");
  const std::string killed = serving();
  system_.kill(killed);
  const Deadline deadline;
  while (serving() == killed || serving().empty()) ASSERT_FALSE(deadline.passed());
  EXPECT_TRUE(all_get_answers(50));
  outage_of(killed == parent ? "kill -9 of the proxy, which has no parent process"
                             : "kill -9 of the serving process");
  if (killed != parent) {
    EXPECT_EQ(system_.pid("nginx"), parent);
  }
  EXPECT_TRUE(both_answer_in_turn());
}

// nginx's worker would go on and keep the port, so that no other could start.
TEST_F(Supervisor, ParentIsBackWhenItWasKilledAndItsServingProcessDidNotStay) {
  const std::string killed = system_.pid("nginx");
  const std::string orphan = serving();
  if (orphan == killed) GTEST_SKIP() << "the proxy has no parent process";
  watch();
  const int times = system_.times_running("nginx");
  system_.kill(killed);
  EXPECT_TRUE(system_.wait_until_running("nginx", times + 1));
  EXPECT_TRUE(all_get_answers(50));
  outage_of("kill -9 of the parent");
  EXPECT_NE(system_.pid("nginx"), killed);
  EXPECT_NE(serving(), orphan);
  const Deadline deadline;
  while (system_.is_alive(orphan)) ASSERT_FALSE(deadline.passed());
  EXPECT_TRUE(both_answer_in_turn());
}

// It has no section for supervisorctl: what Supervisor says has to do.
TEST(TheUsersSupervisorFile, RunsTheSystemWithTheInterpretersAndTheFoldersNamesChanged) {
  if (Supervised::is_in_container()) GTEST_SKIP() << "scripts/container starts one with that file";
  Supervised system("conf/balancing/article/supervisord.conf");
  ASSERT_TRUE(system.wait_until_all_run());
  std::string last;
  for (int i = 0; i < 10; ++i) {
    const HttpAnswer answer = http_get(system.address(), "/");
    EXPECT_EQ(answer.body, "Hello, Tornado");
    EXPECT_NE(answer.header("X-Process"), last);
    last = answer.header("X-Process");
  }
}

}  // namespace
}  // namespace sluice::tests
