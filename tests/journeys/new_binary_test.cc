// SPDX-License-Identifier: MIT
// USR2: a new binary takes over the sockets of the old one, and no client notices.
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/other_process.h"
#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"
#include "tests/support/steady_load.h"

namespace sluice::tests {
namespace {

namespace fs = std::filesystem;

std::string server(const std::string& text) {
  return "server { listen 127.0.0.1:0; location / { return 200 " + text + "; } }";
}

pid_t wait_for_pid(const std::string& path) {
  const Deadline deadline;
  pid_t pid = 0;
  while (!(std::ifstream(path) >> pid) && !deadline.passed()) {
  }
  return pid;
}

// Returns when the new binary serves as well.
pid_t start_new_binary(RunningProxy& proxy) {
  const std::size_t from = proxy.stderr_lines().size();
  proxy.signal(SIGUSR2);
  proxy.wait_for_log("sluice is ready", from);
  return wait_for_pid(proxy.folder().file("pid"));
}

void wait_until_all_get(const std::string& address, const std::string& body) {
  const Deadline deadline;
  for (int same = 0; same < 20 && !deadline.passed();) {
    same = http_get(address, "/").body == body ? same + 1 : 0;
  }
  EXPECT_EQ(http_get(address, "/").body, body);
}

TEST(NewBinary, TakesOverUnderLoad) {
  RunningProxy proxy{server("own"), {.main = "worker_processes 2;"}};
  const std::string address = proxy.address();
  const std::string pid_file = proxy.folder().file("pid");
  SteadyLoad load{address, 4, SteadyLoad::Connections::fresh};
  load.wait_for_more(100);
  const OtherProcess next{start_new_binary(proxy)};
  EXPECT_NE(next.pid(), proxy.parent_pid());
  EXPECT_EQ(wait_for_pid(pid_file + ".oldbin"), proxy.parent_pid());
  load.wait_for_more(100);
  EXPECT_EQ(proxy.quit(), 0);
  EXPECT_FALSE(fs::exists(pid_file + ".oldbin"));
  load.wait_for_more(100);
  load.stop();
  EXPECT_EQ(load.failed(), 0u);
  EXPECT_TRUE(next.is_running());
  EXPECT_EQ(wait_for_pid(pid_file), next.pid());
  next.signal(SIGQUIT);
  EXPECT_TRUE(next.ends());
  EXPECT_FALSE(fs::exists(pid_file));
  std::printf("[ figures  ] USR2 and QUIT under load: %llu requests answered, %llu failed\n",
              static_cast<unsigned long long>(load.answered()),
              static_cast<unsigned long long>(load.failed()));
}

TEST(NewBinary, MayHaveAnotherNumberOfWorkers) {
  RunningProxy proxy{server("old"), {.main = "worker_processes 1;"}};
  const std::string address = proxy.address();
  for (const char* workers : {"worker_processes 3;", "worker_processes 1;"}) {
    proxy.reconfigure(server("new"), {.main = workers});
    const pid_t old = wait_for_pid(proxy.folder().file("pid"));
    const std::size_t from = proxy.stderr_lines().size();
    ::kill(old, SIGUSR2);
    proxy.wait_for_log("sluice is ready", from);
    ::kill(old, SIGQUIT);
    wait_until_all_get(address, "new");
    const Deadline deadline;  // the third must find the name free
    while (fs::exists(proxy.folder().file("pid.oldbin")) && !deadline.passed()) {
    }
  }
  const OtherProcess last{wait_for_pid(proxy.folder().file("pid"))};
  last.signal(SIGTERM);
  EXPECT_TRUE(last.ends());
}

TEST(NewBinary, ThatDoesNotStartChangesNothing) {
  RunningProxy proxy{server("own")};
  proxy.reconfigure("server { lisen 127.0.0.1:0; }");
  proxy.signal(SIGUSR2);
  proxy.wait_for_log("exited with code 1");
  const Deadline deadline;
  while (!fs::exists(proxy.folder().file("pid")) && !deadline.passed()) {
  }
  EXPECT_EQ(wait_for_pid(proxy.folder().file("pid")), proxy.parent_pid());
  EXPECT_EQ(proxy.get("/").body, "own");
  EXPECT_EQ(proxy.quit(), 0);
}

// The way back: WINCH lets the old one rest, HUP or the end of the new one wakes it.
TEST(NewBinary, IsGivenUpForTheOldOne) {
  RunningProxy proxy{server("old")};
  const std::string address = proxy.address();
  proxy.reconfigure(server("new"));
  const OtherProcess next{start_new_binary(proxy)};
  proxy.signal(SIGWINCH);
  wait_until_all_get(address, "new");
  const std::size_t from = proxy.stderr_lines().size();
  next.signal(SIGTERM);
  EXPECT_TRUE(next.ends());
  proxy.wait_for_log("sluice is ready", from);
  wait_until_all_get(address, "old");
  EXPECT_EQ(wait_for_pid(proxy.folder().file("pid")), proxy.parent_pid());
  EXPECT_EQ(proxy.quit(), 0);
}

TEST(NewBinary, LeavesTheOldOneItsSocketsForAnotherStart) {
  RunningProxy proxy{server("old")};
  proxy.signal(SIGWINCH);
  proxy.wait_for_log("exit");
  proxy.reconfigure(server("again"));
  const std::size_t from = proxy.stderr_lines().size();
  proxy.signal(SIGHUP);
  proxy.wait_for_log("sluice is ready", from);
  EXPECT_EQ(proxy.get("/").body, "again");
}

TEST(NewBinary, HasTheUnixSocketUntilItEndsItself) {
  const TempFolder folder;
  const std::string path = folder.file("socket");
  const std::string address = "unix:" + path;
  RunningProxy proxy{"server { listen " + address + "; location / { return 200 own; } }"};
  {
    const OtherProcess given_up{start_new_binary(proxy)};
    given_up.signal(SIGQUIT);
    EXPECT_TRUE(given_up.ends());
    proxy.wait_for_log(std::to_string(given_up.pid()) + ", exited with code 0");
    EXPECT_EQ(http_get(address, "/").body, "own") << "the old one serves there";
  }
  const OtherProcess next{start_new_binary(proxy)};
  EXPECT_EQ(proxy.quit(), 0);
  EXPECT_EQ(http_get(address, "/").body, "own") << "the new one serves there";
  next.signal(SIGQUIT);
  EXPECT_TRUE(next.ends());
  EXPECT_FALSE(fs::exists(path));
}

// QUIT has the lower number, so that the kernel would tell of it first.
TEST(NewBinary, IsStartedAlsoWhenTheOldOneIsToldToEndInTheSameMoment) {
  RunningProxy proxy{server("own")};
  const std::string address = proxy.address();
  const std::size_t from = proxy.stderr_lines().size();
  proxy.signal(SIGSTOP);
  proxy.signal(SIGUSR2);
  proxy.signal(SIGQUIT);
  proxy.signal(SIGCONT);
  EXPECT_EQ(proxy.wait(), 0);
  proxy.wait_for_log("sluice is ready", from);
  const OtherProcess next{wait_for_pid(proxy.folder().file("pid"))};
  EXPECT_EQ(http_get(address, "/").body, "own");
  next.signal(SIGTERM);
  EXPECT_TRUE(next.ends());
}

TEST(NewBinary, IsNotStartedByOneThatEnds) {
  ScriptedPeer peer{hang()};
  RunningProxy proxy{"server { listen 127.0.0.1:0; location / { proxy_pass http://" +
                     peer.address() + "; } }"};
  HttpClient busy = proxy.client();
  busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_for_requests(1);
  proxy.signal(SIGQUIT);
  proxy.wait_for_log("shutting down");
  proxy.signal(SIGUSR2);
  proxy.wait_for_log("signal 12 (SIGUSR2) received from " + std::to_string(::getpid()) +
                     ", ignoring");
  proxy.signal(SIGTERM);
  EXPECT_EQ(proxy.wait(), 0);
  EXPECT_FALSE(fs::exists(proxy.folder().file("pid.oldbin")));
}

TEST(NewBinary, StartsNoThirdWhileTheOldOneIsThere) {
  RunningProxy proxy{server("own")};
  const OtherProcess next{start_new_binary(proxy)};
  for (const pid_t pid : {proxy.parent_pid(), next.pid()}) {
    const std::size_t from = proxy.stderr_lines().size();
    ::kill(pid, SIGUSR2);
    proxy.wait_for_log("the changing binary signal is ignored", from);
  }
  EXPECT_EQ(wait_for_pid(proxy.folder().file("pid.oldbin")), proxy.parent_pid());
  next.signal(SIGTERM);
  EXPECT_TRUE(next.ends());
}

TEST(NewBinary, MayFollowNginx) {
  const char* nginx = "/usr/sbin/nginx";
  if (!fs::exists(nginx)) GTEST_SKIP() << "no nginx here";
  const TempFolder folder;
  const std::string listen = closed_port();
  const std::string binary = folder.file("nginx");
  fs::create_symlink(nginx, binary);
  const std::string path =
      folder.write("nginx.conf", "daemon on; error_log stderr notice; pid " + folder.file("pid") +
                                     "; events { } http { access_log off; server { listen " +
                                     listen + "; location / { return 200 $server_addr; } } }");
  ChildProcess start({binary, "-p", folder.path(), "-c", path});
  ASSERT_TRUE(start.wait_for_line(ChildProcess::err, "start worker process "));
  const OtherProcess old{wait_for_pid(folder.file("pid"))};
  SteadyLoad load{listen, 2, SteadyLoad::Connections::fresh};
  load.wait_for_more(50);
  fs::remove(binary);
  fs::create_symlink(std::getenv("SLUICE_BINARY"), binary);
  old.signal(SIGUSR2);  // nginx takes that as a daemon only
  ASSERT_TRUE(start.wait_for_line(ChildProcess::err, "sluice is ready"));
  const OtherProcess next{wait_for_pid(folder.file("pid"))};
  old.signal(SIGQUIT);
  EXPECT_TRUE(old.ends());
  load.wait_for_more(50);
  load.stop();
  EXPECT_EQ(load.failed(), 0u);
  EXPECT_TRUE(http_get(listen, "/").header("Server").starts_with("sluice/"));
  next.signal(SIGTERM);
  EXPECT_TRUE(next.ends());
}

}  // namespace
}  // namespace sluice::tests
