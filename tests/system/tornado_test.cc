// SPDX-License-Identifier: MIT
// Two real Tornado processes behind conf/tornado.conf: the main job, end to end.
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/http_client.h"
#include "tests/support/running_backend.h"
#include "tests/support/running_proxy.h"
#include "tests/system/conf_files.h"

namespace sluice::tests {
namespace {

// Asks without a pause from a connection of its own, until told to stop, and notes who answered.
class SteadyClient {
 public:
  explicit SteadyClient(const std::string& address) : thread_([this, address] { ask(address); }) {}
  ~SteadyClient() { stop(); }

  void stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }
  [[nodiscard]] int errors() const {
    const std::lock_guard lock(mutex_);
    return errors_;
  }
  // False: they did not come in time.
  [[nodiscard]] bool wait_for_answers(int more) {
    std::unique_lock lock(mutex_);
    const int wanted = answers_ + more;
    return changed_.wait_until(lock, Deadline().end(), [&] { return answers_ >= wanted; });
  }

 private:
  void ask(const std::string& address) {
    HttpClient client(address);
    while (!stopping_) {
      const auto answer = client.get("/");
      const bool is_right = answer.status == 200 && answer.body == "Hello, Tornado";
      const std::lock_guard lock(mutex_);
      ++(is_right ? answers_ : errors_);
      changed_.notify_all();
      if (answer.status == 0) return;
      // As announced, after keepalive_requests.
      if (answer.header("Connection") == "close") client = HttpClient(address);
    }
  }

  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int answers_ = 0;
  int errors_ = 0;
  std::thread thread_;
};

std::map<std::string, int> ask(HttpClient& client, int times) {
  std::map<std::string, int> answers;
  for (int i = 0; i < times; ++i) ++answers[client.get("/").header("X-Process")];
  return answers;
}

TEST(Tornado, ProcessesAnswerInTurn) {
  RunningTornado first;
  RunningTornado second;
  const RunningProxy proxy{conf_for("conf/tornado.conf", first.address(), second.address())};
  HttpClient client = proxy.client();
  std::string last;
  std::map<std::string, int> answers;
  for (int i = 0; i < 10; ++i) {
    const auto answer = client.get("/");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "Hello, Tornado");
    const std::string process = answer.header("X-Process");
    EXPECT_NE(process, last);
    ++answers[process];
    last = process;
  }
  EXPECT_EQ(answers, (std::map<std::string, int>{{first.id(), 5}, {second.id(), 5}}));
}

TEST(Tornado, ProcessKilledUnderLoadIsNotNoticedByAnyClientAndGetsItsShareWhenItIsBack) {
  std::optional<RunningTornado> first(std::in_place);
  RunningTornado second;
  const RunningProxy proxy{
      conf_for("conf/tornado.conf", first->address(), second.address(), " fail_timeout=1s")};

  std::vector<std::unique_ptr<SteadyClient>> clients;
  for (int i = 0; i < 4; ++i) clients.push_back(std::make_unique<SteadyClient>(proxy.address()));
  for (const auto& client : clients) ASSERT_TRUE(client->wait_for_answers(20));
  first->process().signal(SIGKILL);
  ASSERT_EQ(first->process().wait(), 128 + SIGKILL);
  for (const auto& client : clients) EXPECT_TRUE(client->wait_for_answers(50));
  for (const auto& client : clients) {
    client->stop();
    EXPECT_EQ(client->errors(), 0);
  }

  HttpClient client = proxy.client();
  EXPECT_EQ(ask(client, 10), (std::map<std::string, int>{{second.id(), 10}}));

  const std::uint16_t port = first->port();
  first.emplace(port);
  const Deadline deadline;  // it is asked again once fail_timeout is over
  while (proxy.get("/").header("X-Process") != first->id()) ASSERT_FALSE(deadline.passed());
  const auto answers = ask(client, 20);
  EXPECT_EQ(answers, (std::map<std::string, int>{{first->id(), 10}, {second.id(), 10}}));
}

}  // namespace
}  // namespace sluice::tests
