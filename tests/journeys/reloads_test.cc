// SPDX-License-Identifier: MIT
// A thousand reloads in a row under load: no request fails, and nothing grows.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string>

#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"
#include "tests/support/steady_load.h"

namespace sluice::tests {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMeasuresMemory = false;  // of the sanitizer
constexpr int kReloads = 100;
#else
constexpr bool kMeasuresMemory = true;
constexpr int kReloads = 1000;
#endif
constexpr int kWarm = 100;
constexpr double kMostGrowth = 1.02;

constexpr std::string_view kUpgrade =
    "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: demo\r\n\r\n";

Step echo_tunnel() {
  return Step{[](PeerConnection& connection) {
    connection.read_request();
    connection.send(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: "
        "demo\r\n\r\n");
    for (std::string bytes; !(bytes = connection.read_bytes()).empty();) connection.send(bytes);
  }};
}

std::size_t threads_of(pid_t pid) {
  const std::filesystem::directory_iterator tasks("/proc/" + std::to_string(pid) + "/task");
  return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

struct Sizes {
  long kib, parent_kib;
  std::size_t descriptors, parent_descriptors, threads;
};

long own_kib(pid_t pid) {
  const std::string text = read_file("/proc/" + std::to_string(pid) + "/status");
  const auto at = text.find("VmRSS:");
  return at == std::string::npos ? 0 : std::atol(text.c_str() + at + 6);
}

Sizes sizes_of(const RunningProxy& proxy) {
  const pid_t pid = proxy.pid();
  return {own_kib(pid), own_kib(proxy.parent_pid()), open_descriptors_of(pid),
          open_descriptors_of(proxy.parent_pid()), threads_of(pid)};
}

// What both have: the listener of the load, the tunnel's peer.  What comes and goes: an address, an
// upstream, a regex, a map, a log.
std::string configuration(const ScriptedPeer& one, const ScriptedPeer& two,
                          const ScriptedPeer& tunnel, bool second) {
  // The same each time: what is opened again must not cost anything again.
  static const std::string second_address = closed_port("127.0.0.2");
  const std::string common =
      "server { listen 127.0.0.1:0; location / { proxy_pass http://app; } "
      "location /chat { proxy_pass http://" +
      tunnel.address() + "; } ";
  if (!second) {
    return "upstream app { server " + one.address() + "; server " + two.address() + "; } " +
           common + "location ~ ^/a(?<rest>.*)$ { return 200 $rest; } }";
  }
  return "upstream app { server " + two.address() + " weight=2; keepalive 8; } " +
         "map $uri $kind { default 1; ~^/b 2; } log_format own '$uri $kind'; " + common +
         "access_log second.log own; location ~ ^/b { return 200 $kind; } } "
         "server { listen " +
         second_address + "; return 204; }";
}

TEST(ThousandReloads, FailNoRequestAndLeaveNothingBehind) {
  ScriptedPeer one{respond(200, "one")};
  ScriptedPeer two{respond(200, "two")};
  ScriptedPeer tunnel_peer{echo_tunnel()};
  const ProxyOptions options{.main = "worker_processes 2;"};
  RunningProxy proxy{configuration(one, two, tunnel_peer, false), options};
  HttpClient tunnel = proxy.client();
  tunnel.send(kUpgrade);
  ASSERT_EQ(tunnel.read_answer().status, 101);
  SteadyLoad kept{proxy.address(), 1, SteadyLoad::Connections::kept};
  SteadyLoad fresh{proxy.address(), 1, SteadyLoad::Connections::fresh};
  const pid_t serving = proxy.pid();

  Sizes warm{};
  for (int i = 1; i <= kReloads; ++i) {
    proxy.reconfigure(configuration(one, two, tunnel_peer, i % 2 == 1), options);
    const std::size_t from = proxy.stderr_lines().size();
    proxy.signal(SIGHUP);
    ASSERT_TRUE(proxy.wait_for_log("reconfigured", from)) << "reload " << i;
    if (i == kWarm) warm = sizes_of(proxy);
  }
  const Sizes last = sizes_of(proxy);

  tunnel.send("still here");
  std::string echoed;
  while (echoed.size() < 10 &&
         read_some(tunnel.socket(), echoed, Deadline{}) == ReadResult::bytes) {
  }
  EXPECT_EQ(echoed, "still here");
  kept.stop();
  fresh.stop();
  EXPECT_EQ(kept.failed(), 0u);
  EXPECT_EQ(fresh.failed(), 0u);
  EXPECT_GT(kept.answered() + fresh.answered(), static_cast<std::uint64_t>(kReloads));
  EXPECT_EQ(proxy.pid(), serving) << "one process from the first to the last";
  EXPECT_LE(last.threads, 4u) << "two workers, the log thread, perhaps the one that reloads";
  EXPECT_LE(last.descriptors, warm.descriptors + 8) << "connections to peers come and go";
  EXPECT_LE(last.parent_descriptors, warm.parent_descriptors + 2);
  if (kMeasuresMemory) {
    EXPECT_LE(static_cast<double>(last.kib), kMostGrowth * static_cast<double>(warm.kib));
    EXPECT_LE(static_cast<double>(last.parent_kib),
              kMostGrowth * static_cast<double>(warm.parent_kib));
    std::printf(
        "[ figures  ] %d reloads, %llu requests, %llu failed; resident %ld KiB after %d, "
        "%ld KiB at the end; parent %ld and %ld KiB\n",
        kReloads, static_cast<unsigned long long>(kept.answered() + fresh.answered()),
        static_cast<unsigned long long>(kept.failed() + fresh.failed()), warm.kib, kWarm, last.kib,
        warm.parent_kib, last.parent_kib);
  }
}

}  // namespace
}  // namespace sluice::tests
