// SPDX-License-Identifier: MIT
// Started as root, serving as `user`: what is given up, and what a reload may do all the same.
#include <grp.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <csignal>
#include <filesystem>
#include <string>

#include "tests/support/running_proxy.h"

namespace sluice::tests {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUser = "nobody";

class UserTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0 || ::getpwnam(kUser) == nullptr) GTEST_SKIP() << "not root here";
  }
};

// A line of /proc/PID/status without its name.
std::string status_of(pid_t pid, const std::string& name) {
  const std::string text = read_file("/proc/" + std::to_string(pid) + "/status");
  const auto at = text.find(name + ":\t");
  return at == std::string::npos
             ? "?"
             : text.substr(at + name.size() + 2, text.find('\n', at) - at - name.size() - 2);
}

std::string ids(unsigned id) {
  const std::string one = std::to_string(id);
  return one + "\t" + one + "\t" + one + "\t" + one;
}

// Below 1024, and nobody listens there.
std::uint16_t free_low_port() {
  for (std::uint16_t port = 1023; port > 500; --port) {
    const Socket socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      return port;
    }
  }
  return 0;
}

// Where `user` may go, but write nothing.
void let_in(const RunningProxy& proxy) {
  fs::permissions(proxy.folder().path(), fs::perms{0755});
}

std::string server(const std::string& more = "") {
  return "server { listen 127.0.0.1:0; access_log access.log; return 200 own; }" + more;
}

TEST_F(UserTest, IsTakenOnForGood) {
  const RunningProxy proxy{server(), {.user = "user nobody;"}};
  const passwd& nobody = *::getpwnam(kUser);
  const pid_t pid = proxy.pid();
  EXPECT_EQ(status_of(pid, "Uid"), ids(nobody.pw_uid));
  EXPECT_EQ(status_of(pid, "Gid"), ids(nobody.pw_gid));
  EXPECT_EQ(status_of(pid, "CapPrm"), "0000000000000000");
  EXPECT_EQ(status_of(pid, "CapEff"), "0000000000000000");
  EXPECT_EQ(std::stol(status_of(pid, "Groups")), static_cast<long>(nobody.pw_gid)) << "not root's";
  EXPECT_EQ(status_of(proxy.parent_pid(), "Uid"), ids(0));
  EXPECT_EQ(proxy.get("/").body, "own");
}

TEST_F(UserTest, IsNobodyWhenNoneIsNamed) {
  const RunningProxy proxy{server(), {.user = ""}};
  const group* nogroup = ::getgrnam("nogroup");
  const passwd& nobody = *::getpwnam(kUser);
  const gid_t expected = nogroup != nullptr ? nogroup->gr_gid : nobody.pw_gid;
  EXPECT_EQ(status_of(proxy.pid(), "Uid"), ids(nobody.pw_uid));
  EXPECT_EQ(status_of(proxy.pid(), "Gid"), ids(expected));
  EXPECT_EQ(std::stol(status_of(proxy.pid(), "Groups")), static_cast<long>(expected));
  EXPECT_EQ(status_of(proxy.pid(), "CapPrm"), "0000000000000000");
  EXPECT_EQ(status_of(proxy.parent_pid(), "Uid"), ids(0));
  EXPECT_EQ(proxy.get("/").body, "own");
}

TEST_F(UserTest, IsRootOnlyWhenRootIsNamed) {
  for (const char* mode : {"master_process on;", "master_process off;"}) {
    const RunningProxy proxy{server(), {.main = mode}};
    EXPECT_EQ(status_of(proxy.pid(), "Uid"), ids(0)) << mode;
    EXPECT_EQ(status_of(proxy.pid(), "CapEff"), status_of(::getpid(), "CapEff")) << mode;
  }
}

// What root's shell has opened for us is not ours to give away.
TEST_F(UserTest, IsNotGivenTheFileThatStderrIs) {
  const TempFolder folder;
  const std::string path =
      folder.write("nginx.conf", "daemon off; error_log stderr notice; pid " + folder.file("pid") +
                                     "; events { } http { access_log /dev/stdout; server { listen "
                                     "127.0.0.1:0; return 200; } }");
  ChildProcess process({"/bin/sh", "-c", "exec \"$0\" -c \"$1\" >\"$2\" 2>\"$3\"",
                        std::getenv("SLUICE_BINARY"), path, folder.file("out"),
                        folder.file("err")});
  EXPECT_NE(wait_for_lines(folder.file("err"), 2).find("sluice is ready"), std::string::npos);
  for (const char* name : {"out", "err"}) {
    struct stat found {};
    ASSERT_EQ(::stat(folder.file(name).c_str(), &found), 0);
    EXPECT_EQ(found.st_uid, 0u) << name;
  }
}

TEST_F(UserTest, MayHaveLowPortsOpenedByAReload) {
  for (const char* mode : {"master_process on;", "master_process off;"}) {
    const ProxyOptions options{.main = mode, .user = "user nobody;"};
    RunningProxy proxy{server(), options};
    let_in(proxy);
    const std::string low = "127.0.0.1:" + std::to_string(free_low_port());
    proxy.reconfigure(server("server { listen " + low + "; return 200 low; }"), options);
    proxy.signal(SIGHUP);
    ASSERT_TRUE(proxy.wait_for_log("reconfigured")) << mode;
    EXPECT_EQ(http_get(low, "/").body, "low") << mode;
    EXPECT_EQ(status_of(proxy.pid(), "Uid"), ids(::getpwnam(kUser)->pw_uid)) << mode;
  }
}

TEST_F(UserTest, KeepsNothingButLowPortsWithoutAParent) {
  const RunningProxy proxy{server(), {.main = "master_process off;", .user = "user nobody;"}};
  EXPECT_EQ(status_of(proxy.pid(), "CapEff"), "0000000000000400");
  EXPECT_EQ(status_of(proxy.pid(), "CapPrm"), "0000000000000400");
}

// The folder is root's: only the parent can make a file there.
TEST_F(UserTest, GetsTheLogsOfAReopenAndOfAReload) {
  const ProxyOptions options{.user = "user nobody;"};
  RunningProxy proxy{server(), options};
  let_in(proxy);
  const std::string log = proxy.folder().file("access.log");
  fs::rename(log, log + ".1");
  proxy.signal(SIGUSR1);
  proxy.wait_for_log("reopened logs");
  EXPECT_EQ(proxy.get("/").body, "own");
  EXPECT_NE(wait_for_lines(log, 1), "");

  proxy.reconfigure("server { listen 127.0.0.1:0; access_log second.log; return 200 own; }",
                    options);
  proxy.signal(SIGHUP);
  proxy.wait_for_log("reconfigured");
  EXPECT_EQ(proxy.get("/").body, "own");
  EXPECT_NE(wait_for_lines(proxy.folder().file("second.log"), 1), "");
}

// The folder is closed to `user`: the parent opens what is in it.
TEST_F(UserTest, GetsLogsOfAFolderThatIsClosed) {
  const ProxyOptions options{.user = "user nobody;"};
  RunningProxy proxy{server(), options};
  proxy.reconfigure("server { listen 127.0.0.1:0; access_log second.log; return 200 own; }",
                    options);
  proxy.signal(SIGHUP);
  proxy.wait_for_log("reconfigured");
  EXPECT_EQ(proxy.get("/").body, "own");
  const std::string log = proxy.folder().file("second.log");
  EXPECT_NE(wait_for_lines(log, 1), "");
  fs::rename(log, log + ".1");
  proxy.signal(SIGUSR1);
  proxy.wait_for_log("reopened logs");
  EXPECT_EQ(proxy.get("/").body, "own");
  EXPECT_NE(wait_for_lines(log, 1), "");
}

// Without a parent nobody could open them.
TEST_F(UserTest, SaysWhichLogCannotBeOpenedAgain) {
  RunningProxy proxy{server(), {.main = "master_process off;", .user = "user nobody;"}};
  proxy.signal(SIGUSR1);
  proxy.wait_for_log("open() \"" + proxy.folder().file("access.log") +
                     "\" failed (13: Permission denied)");
  EXPECT_EQ(proxy.get("/").body, "own");
}

TEST_F(UserTest, IsTakenOnAgainAfterADeath) {
  RunningProxy proxy{server(), {.user = "user nobody;"}};
  const std::size_t from = proxy.stderr_lines().size();
  ::kill(proxy.pid(), SIGKILL);
  proxy.wait_for_log("sluice is ready", from);
  EXPECT_EQ(status_of(proxy.pid(), "Uid"), ids(::getpwnam(kUser)->pw_uid));
  EXPECT_EQ(proxy.get("/").body, "own");
}

// Root's parent dies: the kernel has not forgotten whom to tell when the user changed.
TEST_F(UserTest, EndsWithItsParent) {
  RunningProxy proxy{server(), {.user = "user nobody;"}};
  const std::string address = proxy.address();
  proxy.signal(SIGKILL);
  EXPECT_EQ(proxy.wait(), 128 + SIGKILL);
  const Deadline deadline;
  bool refused = false;
  while (!refused && !deadline.passed()) {
    try {
      const Socket late = connect_to(address);
    } catch (const std::runtime_error&) {
      refused = true;
    }
  }
  EXPECT_TRUE(refused);
}

// `-t` by somebody who may nothing: a port below 1024, a log and a pid file that are not his.
TEST_F(UserTest, NeedsNoRightsToTestAConfiguration) {
  const TempFolder folder;
  fs::permissions(folder.path(), fs::perms{0755});
  const std::string path =
      folder.write("nginx.conf", "user nobody; error_log " + folder.file("error.log") + "; pid " +
                                     folder.file("pid") + "; events { } http { access_log " +
                                     folder.file("access.log") + "; server { listen " +
                                     std::to_string(free_low_port()) + "; return 200; } }");
  const std::string program = folder.file("sluice");
  fs::copy_file(std::getenv("SLUICE_BINARY"), program);  // where he may read it
  ChildProcess test({"/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups",
                     program, "-t", "-c", path});
  EXPECT_EQ(test.wait(), 0);
  EXPECT_TRUE(test.wait_for_line(ChildProcess::err, "test is successful"));
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder.path())) ++files;
  EXPECT_EQ(files, 2u) << "the configuration and the program, nothing else";
}

}  // namespace
}  // namespace sluice::tests
