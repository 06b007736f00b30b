// SPDX-License-Identifier: MIT
// What systemd says to a service and hears from it: LISTEN_FDS and NOTIFY_SOCKET.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include "tests/support/running_proxy.h"

namespace sluice::tests {
namespace {

// Where systemd would listen.
class Manager {
 public:
  explicit Manager(const std::string& path)
      : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    if (::bind(socket_.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("bind " + path);
    }
  }
  // The next datagram; empty: none came.
  std::string next() {
    if (!wait_readable(socket_, Deadline{})) return {};
    std::array<char, 512> bytes{};
    const ssize_t count = ::recv(socket_.fd(), bytes.data(), bytes.size(), 0);
    return {bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
  }

 private:
  Socket socket_;
};

TEST(ServiceManager, IsToldOfReadinessReloadsAndTheEnd) {
  for (const char* mode : {"master_process on;", "master_process off;"}) {
    const TempFolder folder;
    Manager manager{folder.file("notify")};
    RunningProxy proxy{"server { listen 127.0.0.1:0; return 200 own; }",
                       {.main = mode, .environment = {"NOTIFY_SOCKET=" + folder.file("notify")}}};
    const std::string ready = "READY=1\nMAINPID=" + std::to_string(proxy.parent_pid()) + "\n";
    EXPECT_EQ(manager.next(), ready) << mode;
    proxy.signal(SIGHUP);
    EXPECT_TRUE(manager.next().starts_with("RELOADING=1\nMONOTONIC_USEC=")) << mode;
    EXPECT_EQ(manager.next(), ready) << mode;
    proxy.reconfigure("server { lisen 127.0.0.1:0; }", {.main = mode});
    proxy.signal(SIGHUP);
    EXPECT_TRUE(manager.next().starts_with("RELOADING=1\n")) << mode;
    EXPECT_EQ(manager.next(), ready) << mode << " the old configuration stays";
    EXPECT_EQ(proxy.quit(), 0);
    EXPECT_EQ(manager.next(), "STOPPING=1\n") << mode;
  }
}

// As it starts a service: the variables name the process itself, so a shell sets them before it
// becomes sluice.
TEST(ServiceManager, PassesSocketsOn) {
  const Socket listener = listen_on("127.0.0.1:0");
  const std::string address = local_address(listener);
  const Socket passed{::fcntl(listener.fd(), F_DUPFD, 100)};  // survives exec
  const TempFolder folder;
  const std::string path =
      folder.write("nginx.conf", "daemon off; error_log stderr notice; worker_processes 2; pid " +
                                     folder.file("pid") +
                                     "; events { } http { access_log off; server { listen " +
                                     address + "; return 200 own; } }");
  ChildProcess process({"/bin/bash", "-c",
                        "exec 3<&" + std::to_string(passed.fd()) + " " +
                            std::to_string(passed.fd()) +
                            "<&-; export LISTEN_PID=$$ LISTEN_FDS=1; exec \"$0\" -c \"$1\"",
                        std::getenv("SLUICE_BINARY"), path});
  ASSERT_TRUE(process.wait_for_line(ChildProcess::err, "sluice is ready"));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(http_get(address, "/").body, "own");
  process.signal(SIGHUP);
  EXPECT_TRUE(process.wait_for_line(ChildProcess::err, "reconfigured"));
  EXPECT_EQ(http_get(address, "/").body, "own");
  process.signal(SIGQUIT);
  EXPECT_EQ(process.wait(), 0);
}

TEST(ServiceManager, DoesNotPassTheSocketsOfAnother) {
  RunningProxy proxy{"server { listen 127.0.0.1:0; return 200 own; }",
                     {.environment = {"LISTEN_PID=1", "LISTEN_FDS=3"}}};
  EXPECT_EQ(proxy.get("/").body, "own");
  EXPECT_EQ(proxy.quit(), 0);
}

}  // namespace
}  // namespace sluice::tests
