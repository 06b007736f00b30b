// SPDX-License-Identifier: MIT
// The parent and the serving process: what happens to either when the other dies.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>

#include "tests/support/other_process.h"
#include "tests/support/running_proxy.h"
#include "tests/support/scripted_peer.h"
#include "tests/support/steady_load.h"

namespace sluice::tests {
namespace {

const std::string kOwn = "server { listen 127.0.0.1:0; return 200 own; }";

pid_t pid_in(const std::string& path) {
  pid_t pid = 0;
  std::ifstream(path) >> pid;
  return pid;
}

std::string children_of(pid_t pid) {
  const std::string number = std::to_string(pid);
  return read_file("/proc/" + number + "/task/" + number + "/children");
}

std::size_t threads_of(pid_t pid) {
  const std::filesystem::directory_iterator tasks("/proc/" + std::to_string(pid) + "/task");
  return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

void kill_and_wait_for_next(RunningProxy& proxy) {
  const std::size_t from = proxy.stderr_lines().size();
  ::kill(proxy.pid(), SIGKILL);
  proxy.wait_for_log("sluice is ready", from);
}

TEST(ServingProcess, IsAChildOfTheOneInThePidFile) {
  const RunningProxy proxy{kOwn};
  EXPECT_EQ(pid_in(proxy.folder().file("pid")), proxy.parent_pid());
  EXPECT_EQ(children_of(proxy.parent_pid()), std::to_string(proxy.pid()) + " ");
  EXPECT_EQ(threads_of(proxy.parent_pid()), 1u);
  EXPECT_EQ(children_of(proxy.pid()), "");
}

TEST(ServingProcess, IsTheOnlyOneWithoutMasterProcess) {
  RunningProxy proxy{kOwn, {.main = "master_process off;"}};
  EXPECT_EQ(proxy.pid(), proxy.parent_pid());
  EXPECT_EQ(children_of(proxy.pid()), "");
  EXPECT_EQ(pid_in(proxy.folder().file("pid")), proxy.pid());
  proxy.reconfigure("server { listen 127.0.0.2:0; return 200 other; }",
                    {.main = "master_process off;"});
  proxy.signal(SIGHUP);
  proxy.wait_for_log("reconfigured");
  EXPECT_EQ(http_get(proxy.address(1), "/").body, "other");
  proxy.signal(SIGUSR2);  // no parent, nobody to take over; but it must not end by it
  proxy.wait_for_log("signal 12");
  EXPECT_EQ(proxy.quit(), 0);
}

TEST(ServingProcess, IsOneThreadForOneWorkerWithNothingToLog) {
  RunningProxy proxy{"access_log off;" + kOwn};
  EXPECT_EQ(proxy.get("/").body, "own");
#ifndef __SANITIZE_THREAD__  // which has a thread of its own
  EXPECT_EQ(threads_of(proxy.pid()), 1u);
#endif
}

// Its only worker does not load the configuration: another thread does, however long that takes.
TEST(ServingProcess, ServesWhileItReloads) {
  const ProxyOptions alone{.main = "master_process off;"};
  RunningProxy proxy{kOwn, alone};
  const std::string slow = proxy.folder().file("slow.conf");
  ASSERT_EQ(::mkfifo(slow.c_str(), 0600), 0);
  proxy.reconfigure("include slow.conf;", alone);
  proxy.signal(SIGHUP);
  std::ofstream rest(slow);  // returns when it is being read
  EXPECT_EQ(proxy.get("/").body, "own");
  rest << "server { listen 127.0.0.1:0; return 200 next; }";
  rest.close();
  proxy.wait_for_log("reconfigured");
  EXPECT_EQ(proxy.get("/").body, "next");
}

TEST(ServingProcess, IsStartedAgainWhenItDies) {
  RunningProxy proxy{kOwn};
  const pid_t first = proxy.pid();
  kill_and_wait_for_next(proxy);
  proxy.wait_for_log("serving process " + std::to_string(first) +
                     " exited on signal 9 (Killed); starting it again");
  EXPECT_NE(proxy.pid(), first);
  EXPECT_EQ(proxy.get("/").body, "own");
  EXPECT_EQ(proxy.quit(), 0);
}

TEST(ServingProcess, IsStartedMoreSlowlyWhenItDiesAgain) {
  RunningProxy proxy{kOwn};
  for (const char* said : {"(Killed); starting it again", "again in 100 ms", "again in 200 ms"}) {
    const std::size_t from = proxy.stderr_lines().size();
    ::kill(proxy.pid(), SIGKILL);
    proxy.wait_for_log(said, from);
    proxy.wait_for_log("sluice is ready", from);
  }
  EXPECT_EQ(proxy.get("/").body, "own");
}

// Clients that come meanwhile wait in the sockets' queues, which the parent holds open.
TEST(ServingProcess, ThatDiesCostsOnlyTheRequestsItHad) {
  RunningProxy proxy{kOwn};
  SteadyLoad load{proxy.address(), 4, SteadyLoad::Connections::fresh};
  load.wait_for_more(100);
  kill_and_wait_for_next(proxy);
  load.wait_for_more(100);
  load.stop();
  EXPECT_LE(load.failed(), 4u) << "one each";
  std::printf("[ figures  ] kill -9 of the serving process: %llu requests failed, within %.1f ms\n",
              static_cast<unsigned long long>(load.failed()),
              static_cast<double>(load.failing_time().count()) / 1000);
}

TEST(ServingProcess, ServesTheLastGoodConfigurationAfterADeath) {
  RunningProxy proxy{kOwn};
  proxy.reconfigure("server { listen 127.0.0.1:0; return 200 second; }");
  proxy.signal(SIGHUP);
  proxy.wait_for_log("reconfigured");
  proxy.reconfigure("server { listen 127.0.0.1:0; retrun 200 bad; }");
  kill_and_wait_for_next(proxy);
  EXPECT_EQ(proxy.get("/").body, "second");
}

TEST(ServingProcess, GetsTheSocketsOfAReloadAfterADeath) {
  RunningProxy proxy{kOwn};
  proxy.reconfigure(kOwn + "server { listen 127.0.0.2:0; return 200 other; }");
  proxy.signal(SIGHUP);
  proxy.wait_for_log("reconfigured");
  const std::string other = proxy.address(1);
  kill_and_wait_for_next(proxy);
  EXPECT_EQ(http_get(other, "/").body, "other");
  EXPECT_EQ(proxy.get("/").body, "own");
}

TEST(ServingProcess, EndsWithItsParent) {
  ScriptedPeer peer{hang()};
  RunningProxy proxy{"server { listen 127.0.0.1:0; location / { proxy_pass http://" +
                     peer.address() + "; } }"};
  HttpClient busy = proxy.client();
  busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_for_requests(1);
  const OtherProcess serving{proxy.pid()};
  proxy.signal(SIGKILL);
  EXPECT_EQ(proxy.wait(), 128 + SIGKILL);
  EXPECT_TRUE(serving.ends());
  EXPECT_NO_THROW(listen_on(proxy.address())) << "the port is free";
}

TEST(ServingProcess, EndsWithItsParentAlsoWhenItIsStopped) {
  RunningProxy proxy{kOwn};
  const OtherProcess serving{proxy.pid()};
  serving.signal(SIGSTOP);
  proxy.signal(SIGKILL);
  EXPECT_EQ(proxy.wait(), 128 + SIGKILL);
  EXPECT_TRUE(serving.ends());
  EXPECT_NO_THROW(listen_on(proxy.address())) << "the port is free";
}

std::string descriptor_limit_of(pid_t pid) {
  const std::string text = read_file("/proc/" + std::to_string(pid) + "/limits");
  std::smatch found;
  std::regex_search(text, found, std::regex("Max open files +([0-9]+) +([0-9]+)"));
  return found.str(1) + " " + found.str(2);
}

// For each worker, be it less than we have.
TEST(ServingProcess, HasTheDescriptorsThatAreSaid) {
  const RunningProxy proxy{kOwn,
                           {.main = "worker_processes 2; worker_rlimit_nofile 300;",
                            .events = "worker_connections 200;"}};
  EXPECT_EQ(descriptor_limit_of(proxy.pid()), "600 600");
}

TEST(ServingProcess, ThatCannotBeginEndsTheStart) {
  const TempFolder folder;
  const std::string path = folder.write(
      "nginx.conf", "daemon off; error_log stderr; working_directory /nonexistent; pid " +
                        folder.file("pid") + "; events { } http { access_log off; " + kOwn + " }");
  ChildProcess start({std::getenv("SLUICE_BINARY"), "-c", path});
  EXPECT_EQ(start.wait(), 1);
  EXPECT_TRUE(start.wait_for_line(ChildProcess::err, "chdir(\"/nonexistent\") failed (2: "));
  EXPECT_FALSE(std::filesystem::exists(folder.file("pid")));
}

TEST(ServingProcess, WorksInItsWorkingDirectory) {
  const TempFolder folder;
  const RunningProxy proxy{kOwn, {.main = "working_directory " + folder.path().string() + ";"}};
  EXPECT_EQ(std::filesystem::read_symlink("/proc/" + std::to_string(proxy.pid()) + "/cwd"),
            std::filesystem::canonical(folder.path()));
}

TEST(ServingProcess, HasTheEnvironmentThatWasChosen) {
  const RunningProxy proxy{
      "log_format zone '$time_local'; server { listen 127.0.0.1:0; "
      "access_log zone.log zone; return 200 own; }",
      {.main = "env TZ=XYZ-5:30;"}};
  EXPECT_EQ(proxy.get("/").status, 200);
  const std::string log = wait_for_lines(proxy.folder().file("zone.log"), 1);
  EXPECT_NE(log.find(" +0530"), std::string::npos) << log;
}

TEST(ShutdownTimeout, EndsWhatIsStillOpen) {
  ScriptedPeer peer{hang()};
  RunningProxy proxy{
      "server { listen 127.0.0.1:0; location / { proxy_pass http://" + peer.address() + "; } }",
      {.main = "worker_shutdown_timeout 100ms;"}};
  HttpClient busy = proxy.client();
  busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.wait_for_requests(1);
  EXPECT_EQ(proxy.quit(), 0);
  proxy.wait_for_log("worker_shutdown_timeout: closing what is still open");
  EXPECT_TRUE(busy.is_closed());
}

TEST(ShutdownTimeout, IsNotNeededForATunnelThatEndsByItself) {
  ScriptedPeer peer{Step{[](PeerConnection& connection) {
    connection.read_request();
    connection.send(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: "
        "demo\r\n\r\n");
    while (connection.read_bytes() != "bye") connection.send("more");
    connection.close();
  }}};
  RunningProxy proxy{"server { listen 127.0.0.1:0; location / { proxy_pass http://" +
                     peer.address() + "; } }"};
  HttpClient tunnel = proxy.client();
  HttpClient idle = proxy.client();
  tunnel.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: demo\r\n\r\n");
  EXPECT_EQ(tunnel.read_answer().status, 101);
  proxy.signal(SIGQUIT);
  EXPECT_TRUE(idle.is_closed()) << "at once";
  tunnel.send("x");
  std::string received;
  EXPECT_EQ(read_some(tunnel.socket(), received, Deadline{}), ReadResult::bytes);
  EXPECT_EQ(received, "more") << "the tunnel lives on";
  tunnel.send("bye");
  EXPECT_TRUE(tunnel.is_closed());
  EXPECT_EQ(proxy.wait(), 0);
}

}  // namespace
}  // namespace sluice::tests
