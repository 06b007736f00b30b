// SPDX-License-Identifier: MIT
// The system under Debian's supervisord: sluice as the program "nginx" and the group "tornadoes" of
// two Tornado processes.
//
// It is started in a folder of the test's own, from conf/supervisord.conf and conf/tornado.conf
// with ports that the system chose; or it runs in a container already, and the environment says how
// to get at it (scripts/container sets that):
//   SLUICE_CONTAINER_EXEC     the words that run a command in it: "podman exec NAME"
//   SLUICE_CONTAINER_LOGS     those that follow its output: "podman logs --follow NAME"
//   SLUICE_CONTAINER_ADDRESS  where its port 80 is to be had
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/child_process.h"
#include "tests/support/temp_folder.h"

namespace sluice::tests {

inline constexpr const char* kFirst = "tornadoes:tornado-8000";
inline constexpr const char* kSecond = "tornadoes:tornado-8001";

class Supervised {
 public:
  // From conf/supervisord.conf, or another file of the project with the same programs.
  explicit Supervised(const std::string& file = "conf/supervisord.conf");

  static bool is_in_container();
  [[nodiscard]] const std::string& address() const { return address_; }

  // The lines that supervisorctl prints.
  std::vector<std::string> ctl(std::vector<std::string> words);
  // "nginx" → "RUNNING".
  std::map<std::string, std::string> states();
  // The process that Supervisor started; "0" when there is none.
  std::string pid(const std::string& program);
  // The first child of a process; empty when it has none.
  std::string child_of(const std::string& pid);
  void kill(const std::string& pid);
  bool is_alive(const std::string& pid);

  // How often Supervisor has said that the program is RUNNING; `name` without its group.
  [[nodiscard]] int times_running(const std::string& name) const;
  // False: it was not said that often in time, and the test has failed.
  [[nodiscard]] bool wait_until_running(const std::string& name, int times = 1);
  // The same for all three.
  [[nodiscard]] bool wait_until_all_run();

 private:
  void start(const std::string& file);
  std::vector<std::string> run(std::vector<std::string> words);

  TempFolder folder_;
  std::vector<std::string> exec_;     // in front of every command
  std::vector<std::string> options_;  // in front of supervisorctl's words
  std::string address_;
  std::optional<ChildProcess> output_;  // supervisord, or what follows the container's output
};

}  // namespace sluice::tests
