// SPDX-License-Identifier: MIT
// The parent (`master_process on`): one thread that holds the listening sockets and keeps a serving
// process going.  It reads the configuration, and nothing that a client sends.
//
//   TERM INT  stop at once            USR1   open the logs again
//   QUIT      drain, then stop        USR2   start the new binary beside us
//   HUP       reload                  WINCH  drain the serving process, stay ourselves
//
// Why it is made like this: docs/decisions/0006-parent-and-serving-process.md.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/launch.h"
#include "app/link.h"
#include "app/listening.h"
#include "app/pid_file.h"
#include "app/serving.h"
#include "app/signal_set.h"

namespace sluice::app {

class Parent {
 public:
  // `launch` and `pid_file` outlive this.
  Parent(Launch& launch, std::vector<ListenSockets> sockets, PidFile& pid_file);

  enum class Role : std::uint8_t { serving, ended };
  // Returns twice: as `serving` in each serving process, which is made of what follows, and as
  // `ended` in the parent.
  Role run();

  std::vector<ListenSockets> take_sockets() { return std::move(held_); }
  Link take_link() { return std::move(serving_link_); }
  [[nodiscard]] Serving::Start start() const { return start_; }

  [[nodiscard]] int exit_code() const { return exit_code_; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Child {
    pid_t pid = 0;
    Link link;
    Time since;
  };
  // A configuration that the serving process has been told of.
  struct Proposal {
    std::shared_ptr<const confparse::Settings> settings;
    std::shared_ptr<const log::ErrorLog> log;
    std::vector<ListenSockets> fresh;
    std::map<std::string, net::Descriptor> logs;  // those the serving process may not open
  };

  bool fork_serving();
  void become_child(Link link);
  void wait();
  void read_link();
  void read_signals();
  void handle(const Signal& signal);
  [[nodiscard]] const char* action_of(int number) const;
  [[nodiscard]] bool may_start_new_binary() const;
  void handle(const Message& message);
  void note_ready();
  void collect_children();
  void note_end(pid_t pid, int status);
  void plan_restart(const std::string& how);
  void stop(int signal);
  void wind_down();
  void leave_addresses();
  void drop_proposal();
  void signal_all(int signal) const;
  [[nodiscard]] bool has_children() const;

  void reload();
  std::optional<Proposal> propose();
  bool send_proposal();
  void commit();
  void reopen_logs();
  void start_new_binary();
  [[noreturn]] void become_new_binary(pid_t from) const;
  void note_end_of_new_binary(int status);
  void say(log::Level level, const std::string& message) const;

  Launch& launch_;
  std::vector<ListenSockets> held_;
  PidFile& pid_file_;
  net::Descriptor signals_;
  Child serving_;               // pid 0: there is none
  std::vector<Child> leaving_;  // drain
  std::optional<Proposal> proposal_;
  bool reload_again_ = false;
  bool ever_ready_ = false;
  bool wound_down_ = false;  // WINCH: none is wanted
  pid_t new_binary_ = 0;
  int ending_ = 0;  // the signal that ends us
  Time restart_at_ = Time::max();
  Time kill_at_ = Time::max();
  int deaths_in_a_row_ = 0;
  int exit_code_ = 0;
  Serving::Start start_ = Serving::Start::first;
  Link serving_link_;  // in the serving process
};

}  // namespace sluice::app
