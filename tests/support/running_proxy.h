// SPDX-License-Identifier: MIT
// sluice with the configuration that is written in the test, on ports that the system chooses.
//
//   RunningProxy proxy{"server { listen 127.0.0.1:0; return 204; }"};
//   EXPECT_EQ(proxy.get("/").status, 204);
//
// The binary is $SLUICE_BINARY, which meson sets for tests.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/child_process.h"
#include "tests/support/http_client.h"
#include "tests/support/temp_folder.h"

namespace sluice::tests {

struct ProxyOptions {
  std::string main = {};                          // lines outside of http: "worker_processes 2;"
  std::string events = {};                        // lines inside of events
  std::map<std::string, std::string> files = {};  // name → text, beside the configuration
  std::vector<std::string> environment = {};      // added to ours: "NAME=value"
  // Where the tests are root's.  Others may not enter the folder of a test.
  std::string user = "user root;";
};

class RunningProxy {
 public:
  // `http` is what stands inside of http { }.  Returns when sluice is ready; throws, with what it
  // printed, when it does not get there.
  explicit RunningProxy(const std::string& http, const ProxyOptions& options = {});

  // The listening sockets in the order of their `listen`.
  [[nodiscard]] std::vector<std::uint16_t> ports() const;
  [[nodiscard]] std::vector<std::string> addresses() const;
  [[nodiscard]] std::uint16_t port(std::size_t which = 0) const { return ports().at(which); }
  [[nodiscard]] std::string address(std::size_t which = 0) const { return addresses().at(which); }

  HttpAnswer get(std::string_view path, std::string_view headers = {}) const {
    return http_get(address(), path, headers);
  }
  [[nodiscard]] HttpClient client(std::size_t which = 0) const {
    return HttpClient(address(which));
  }

  // Writes another configuration in the place of the first, for a reload.
  void reconfigure(const std::string& http, const ProxyOptions& options = {});
  void signal(int number) const { process_->signal(number); }
  // SIGQUIT: the exit code once the last request is finished.
  int quit();
  [[nodiscard]] int wait() { return process_->wait(); }
  // The process that serves: the last that said it is ready.  Memory and descriptors are its own.
  [[nodiscard]] pid_t pid() const;
  [[nodiscard]] long resident_kib() const { return resident_kib_of(pid()); }
  [[nodiscard]] std::size_t open_descriptors() const { return open_descriptors_of(pid()); }
  // The one that was started and takes the signals; without `master_process` they are the same.
  [[nodiscard]] pid_t parent_pid() const { return process_->pid(); }

  [[nodiscard]] std::vector<std::string> stderr_lines() const;
  // The first line of the error log with this text, from the `from`th line on; fails the test when
  // it does not come.
  std::optional<std::string> wait_for_log(std::string_view text, std::size_t from = 0);
  [[nodiscard]] const TempFolder& folder() const { return folder_; }

 private:
  TempFolder folder_;
  std::optional<ChildProcess> process_;
};

}  // namespace sluice::tests
