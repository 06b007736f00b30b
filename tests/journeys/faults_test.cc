// SPDX-License-Identifier: MIT
// Peers that break while many clients are asking: what do the clients see, and what stays behind?
#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "tests/support/running_backend.h"
#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"

namespace sluice::tests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kClients = 64;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long kGrownKib = 256 * 1024;  // freed memory is kept back there
#else
constexpr long kGrownKib = 4 * 1024;
#endif

// Many clients, each with a kept connection, who ask until they are told to stop.
class SteadyClients {
 public:
  explicit SteadyClients(const RunningProxy& proxy) : address_(proxy.address()) {
    for (std::thread& thread : threads_) {
      thread = std::thread([this] { ask(); });
    }
  }
  ~SteadyClients() { stop(); }
  SteadyClients(const SteadyClients&) = delete;
  SteadyClients& operator=(const SteadyClients&) = delete;

  void stop() {
    stopping_ = true;
    for (std::thread& thread : threads_) {
      if (thread.joinable()) {
        thread.join();
      }
    }
  }

  // Waits for this many answers more, from whichever peer when there is no name.
  void wait_for_answers(std::size_t count, const std::string& name = {}) {
    std::unique_lock lock(mutex_);
    std::size_t& answers = answers_[name];
    const std::size_t wanted = answers + count;
    if (!changed_.wait_until(lock, Deadline{}.end(), [&] { return answers >= wanted; })) {
      ADD_FAILURE() << "the clients do not get " << count << " answers more from " << name;
    }
  }

  // What came and was not the whole answer of a peer.
  std::vector<std::string> failures() const {
    const std::lock_guard lock(mutex_);
    return failures_;
  }

 private:
  void ask() {
    try {
      auto client = std::make_unique<HttpClient>(address_);
      while (!stopping_) {
        const HttpAnswer answer = client->get("/");
        note(answer);
        if (answer.status == 0 || answer.header("connection") != "keep-alive") {
          client = std::make_unique<HttpClient>(address_);
        }
      }
    } catch (const std::exception& error) {
      const std::lock_guard lock(mutex_);
      failures_.emplace_back(error.what());
    }
  }

  void note(const HttpAnswer& answer) {
    const std::lock_guard lock(mutex_);
    const std::string name = answer.header("x-backend");
    if (answer.status != 200 || !answer.complete || answer.body != name + "\n") {
      failures_.push_back(answer.head + answer.body);
    }
    ++answers_[""];
    ++answers_[name];
    changed_.notify_all();
  }

  const std::string address_;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::size_t> answers_;  // by peer; of all of them under ""
  std::vector<std::string> failures_;
  std::array<std::thread, kClients> threads_;
};

// All clients ask for these paths at the same time, over a connection of its own each time.
template <class Judge>
void ask_at_once(const RunningProxy& proxy, const std::vector<std::string>& paths, Judge judge) {
  std::vector<std::thread> clients;
  for (std::size_t i = 0; i < kClients; ++i) {
    clients.emplace_back([&] {
      for (const std::string& path : paths) {
        judge(path, http_get(proxy.address(), path));
      }
    });
  }
  for (std::thread& client : clients) {
    client.join();
  }
}

// An address whose port nobody is given by the system while its owner is away: the system takes
// 127.0.0.1 for those who do not say.
std::string own_loopback_address(int which) {
  const pid_t pid = ::getpid();
  return "127." + std::to_string(1 + (pid >> 8) % 250) + "." + std::to_string(pid & 0xff) + "." +
         std::to_string(which) + ":0";
}

// A peer that can be killed and started again where it was.
class MortalPeer {
 public:
  explicit MortalPeer(int which) : name_("peer" + std::to_string(which)) {
    start(own_loopback_address(which));
  }
  void kill() {
    backend_->process().signal(SIGKILL);
    EXPECT_EQ(backend_->process().wait(), 128 + SIGKILL);
  }
  void start_again() { start(address_); }
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  void start(const std::string& address) {
    backend_.reset();
    backend_ = std::make_unique<RunningBackend>(
        std::vector<std::string>{"--listen", address, "--name", name_});
    address_ = backend_->address();
  }

  std::string name_;
  std::string address_;
  std::unique_ptr<RunningBackend> backend_;
};

struct Descriptors {
  std::size_t pipes = 0;
  std::size_t others = 0;
};

// What the process has open.
Descriptors descriptors_of(const RunningProxy& proxy) {
  Descriptors open;
  const auto folder = "/proc/" + std::to_string(proxy.pid()) + "/fd";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::error_code closed;  // since the listing
    const auto what = std::filesystem::read_symlink(entry.path(), closed).string();
    (what.starts_with("pipe:") ? open.pipes : open.others) += 1;
  }
  return open;
}

// Once clients and peers are gone, so are the connections; there is nothing to be woken by.  It may
// be one less than before: what starts up has a file open for a moment.  A worker keeps some pipes
// for the next large bodies.
void expect_descriptors(const RunningProxy& proxy, const Descriptors& before) {
  constexpr std::size_t kWorkers = 2;
  constexpr std::size_t kKeptPipes = 16;  // of two ends each
  const Deadline deadline;
  while (descriptors_of(proxy).others > before.others && !deadline.passed()) {
    std::this_thread::yield();
  }
  EXPECT_LE(descriptors_of(proxy).others, before.others);
  EXPECT_LE(descriptors_of(proxy).pipes, before.pipes + kWorkers * kKeptPipes * 2);
}

std::string site(const std::string& servers, const std::string& lines = "") {
  return "upstream group { " + servers + " } server { listen 127.0.0.1:0; " + lines +
         " location / { proxy_pass http://group; } }";
}

const ProxyOptions kTwoWorkers{.main = "worker_processes 2;"};

TEST(Faults, PeersThatAreKilledCostNoRequestAndGetTheirShareAgain) {
  std::array peers{std::make_unique<MortalPeer>(1), std::make_unique<MortalPeer>(2)};
  std::string servers;
  for (const auto& peer : peers) {
    servers += "server " + peer->address() + " max_fails=1 fail_timeout=1s; ";
  }
  RunningProxy proxy{site(servers), kTwoWorkers};
  const Descriptors descriptors = descriptors_of(proxy);
  {
    SteadyClients clients{proxy};
    clients.wait_for_answers(2000);
  }
  const long kib = proxy.resident_kib();
  {
    SteadyClients clients{proxy};
    for (const std::size_t which : {0u, 1u, 0u}) {
      MortalPeer& peer = *peers[which];
      clients.wait_for_answers(50, peer.name());
      peer.kill();
      clients.wait_for_answers(500);
      peer.start_again();
      clients.wait_for_answers(50, peer.name());  // it has rested, so the other one may go
    }
    clients.stop();
    EXPECT_THAT(clients.failures(), IsEmpty());
  }
  std::map<std::string, int> shares;
  for (int i = 0; i < 100; ++i) {
    ++shares[proxy.get("/").header("x-backend")];
  }
  EXPECT_GE(shares[peers[0]->name()], 45);
  EXPECT_GE(shares[peers[1]->name()], 45);

  for (auto& peer : peers) {
    peer.reset();
  }
  expect_descriptors(proxy, descriptors);
  EXPECT_LT(proxy.resident_kib(), kib + kGrownKib);
  EXPECT_EQ(proxy.quit(), 0);
}

struct Fault {
  const char* name;
  Step step;
};

class BrokenPeer : public testing::TestWithParam<Fault> {};

// It is asked again and again, as max_fails=0 wants, and nobody sees more of it than a delay.
TEST_P(BrokenPeer, IsNoticedByNoClient) {
  auto healthy = std::make_unique<RunningBackend>(std::vector<std::string>{"--name", "healthy"});
  auto broken = std::make_unique<ScriptedPeer>(std::initializer_list<Step>{GetParam().step});
  // Short for one that hangs, long for one that is only on a slow machine.
  const auto timeout = std::to_string((kPatience / 5).count()) + "ms";
  RunningProxy proxy{
      site("server " + broken->address() + " max_fails=0; server " + healthy->address() + ";",
           "proxy_next_upstream error timeout invalid_header; proxy_read_timeout " + timeout + ";"),
      kTwoWorkers};
  const Descriptors descriptors = descriptors_of(proxy);
  ask_at_once(proxy, {"/", "/"}, [](const std::string&, const HttpAnswer& answer) {
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.complete);
    EXPECT_EQ(answer.body, "healthy\n");
  });
  EXPECT_GE(broken->accepted(), kClients / 2);
  broken.reset();
  healthy.reset();
  expect_descriptors(proxy, descriptors);
  EXPECT_EQ(proxy.quit(), 0);
}

std::vector<Fault> faults() {
  return {
      {"ThatHangs", hang()},
      {"ThatClosesEarly", close_after_request()},
      {"ThatClosesAtOnce", close_after_accept()},
      {"ThatAnswersGarbage", raw_then_close("this is not HTTP\r\n\r\n")},
      {"ThatClosesInTheHead", raw_then_close("HTTP/1.1 200 OK\r\nContent-Le")},
      {"ThatResetsInTheHead", raw_then_reset("HTTP/1.1 200 OK\r\nContent-Le")},
  };
}

INSTANTIATE_TEST_SUITE_P(Faults, BrokenPeer, testing::ValuesIn(faults()),
                         [](const auto& row) { return row.param.name; });

bool is_beginning_of_pattern(const std::string& body) {
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != static_cast<char>('a' + i % 23)) {  // what sluice-backend makes bodies of
      return false;
    }
  }
  return true;
}

TEST(Faults, HalfAnAnswerIsNeverTakenForAWholeOne) {
  auto peer = std::make_unique<RunningBackend>(std::vector<std::string>{"--reset-after", "50000"});
  RunningProxy proxy{site("server " + peer->address() + " max_fails=0;"), kTwoWorkers};
  const Descriptors descriptors = descriptors_of(proxy);
  ask_at_once(proxy, {"/bytes/100000", "/chunked/100000", "/close/100000"},
              [](const std::string& path, const HttpAnswer& answer) {
                EXPECT_EQ(answer.status, 200) << path;
                EXPECT_FALSE(answer.complete) << path;
                EXPECT_LE(answer.body.size(), 50000u) << path;
                EXPECT_TRUE(is_beginning_of_pattern(answer.body)) << path;
              });
  // A client without chunks has but the end of the connection to see it by.
  HttpClient old = proxy.client();
  old.send("GET /chunked/100000 HTTP/1.0\r\n\r\n");
  EXPECT_FALSE(old.read_answer().complete);
  old.close();
  peer.reset();
  expect_descriptors(proxy, descriptors);
  EXPECT_EQ(proxy.quit(), 0);
}

// Waits until the process stands still.
void stop(const RunningProxy& proxy) {
  ::kill(proxy.pid(), SIGSTOP);
  const std::string path = "/proc/" + std::to_string(proxy.pid()) + "/stat";
  const Deadline deadline;
  while (read_file(path).find(") T ") == std::string::npos && !deadline.passed()) {
    std::this_thread::yield();
  }
}

// The peer closes its kept connection just before the next request is sent over it: both pieces of
// news wait for the worker, the request in front.
class KeptConnection : public testing::TestWithParam<const char*> {};

TEST_P(KeptConnection, ThatThePeerHasJustClosedIsReplacedByAFreshOne) {
  ScriptedPeer peer{respond(200, "first"), respond(200, "second")};
  ScriptedPeer backup{respond(200, "backup")};
  const RunningProxy proxy{
      site("server " + peer.address() + " max_fails=1; server " + backup.address() + " backup;"),
      {.main = "worker_processes 1;"}};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.get("/").body, "first");
  stop(proxy);
  client.send(std::string{GetParam()} + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
  peer.close_all();
  peer.wait_until_all_closed();
  ::kill(proxy.pid(), SIGCONT);
  EXPECT_EQ(client.read_answer(GetParam()).body, "second");

  ASSERT_EQ(peer.requests().size(), 2u);
  EXPECT_EQ(peer.requests()[1].connection, 1u);
  EXPECT_EQ(peer.requests()[1].body, "hello");
  EXPECT_EQ(client.get("/").body, "second");  // it was not the peer's failure
  EXPECT_EQ(backup.accepted(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Faults, KeptConnection, testing::Values("GET", "PUT", "POST", "PATCH"));

// RFC 9110, section 9.2.2: the peer may have done what it was asked.
TEST(KeptConnections, ClosedBehindAPostDoNotHaveItSentTwice) {
  ScriptedPeer peer{respond(200, "first"), close_after_request(), respond(200, "third")};
  ScriptedPeer backup{respond(200, "backup")};
  const RunningProxy proxy{
      site("server " + peer.address() + " max_fails=1; server " + backup.address() + " backup;"),
      {.main = "worker_processes 1;"}};
  HttpClient client = proxy.client();
  EXPECT_EQ(client.request("POST", "/1", "", "hello").body, "first");
  EXPECT_EQ(client.request("POST", "/2", "", "hello").status, 502);
  EXPECT_EQ(client.request("POST", "/3", "", "hello").body, "third");
  std::vector<std::string> targets;
  for (const PeerRequest& request : peer.requests()) {
    targets.push_back(request.target());
  }
  EXPECT_THAT(targets, ElementsAre("/1", "/2", "/3"));
  EXPECT_EQ(backup.accepted(), 0u);  // nginx would let the peer rest
}

TEST(KeptConnections, AreNotReusedBehindHalfAnAnswer) {
  ScriptedPeer peer{raw("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntoo long"), respond(200, "ok"),
                    raw_then_close("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
                    respond(200, "fine")};
  const RunningProxy proxy{site("server " + peer.address() + ";"), {.main = "worker_processes 1;"}};
  EXPECT_EQ(proxy.get("/").body, "too ");
  EXPECT_EQ(proxy.get("/").body, "ok");
  const HttpAnswer half = proxy.get("/");
  EXPECT_EQ(half.body, "half");
  EXPECT_FALSE(half.complete);
  EXPECT_EQ(proxy.get("/").body, "fine");
  std::vector<std::size_t> connections;
  for (const PeerRequest& request : peer.requests()) {
    connections.push_back(request.connection);
  }
  EXPECT_THAT(connections, ElementsAre(0u, 1u, 1u, 2u));
}

}  // namespace
}  // namespace sluice::tests
