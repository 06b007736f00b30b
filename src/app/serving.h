// SPDX-License-Identifier: MIT
// The process that serves: from settings to workers, and what signals make of it.
//
//   TERM INT  stop at once        HUP   reload: swap the generation
//   QUIT      drain, then stop    USR1  open the logs again
//
// Under a parent (app/parent.h) the new configuration and its sockets come from there.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/launch.h"
#include "app/link.h"
#include "app/listening.h"
#include "app/worker_thread.h"

namespace sluice::app {

class Serving {
 public:
  // `parent` is not open when there is none.  `launch` outlives this.
  Serving(Launch& launch, std::vector<ListenSockets> sockets, Link parent);
  ~Serving();

  enum class Start : std::uint8_t { first, again };
  // Serves until told to end.  The exit code; what went wrong was said.
  int run(Start start);

 private:
  class Signals;

  bool prepare(Start start);
  bool make_generation();
  std::string drop_privileges();
  bool watch_parent();
  void make_workers(const std::function<void()>& at_end);
  void tell_ready(Start start);
  void take_up(ListenSockets& address);
  void leave_addresses();
  void reload();
  void reload(Texts texts);
  std::string change_to(const confparse::LoadRequest& request);
  void use_launch();
  void reopen_logs();
  void leave_terminal() const;
  void announce(const std::vector<ListenSockets>& addresses) const;
  void say(log::Level level, const std::string& message) const;

  Launch& launch_;
  std::vector<ListenSockets> sockets_;  // not yet handed out
  Link parent_;
  ListenPoints points_;
  std::vector<ListenSockets> paths_;  // without a parent: the unix: ones, whose files we remove
  std::vector<std::unique_ptr<WorkerThread>> workers_;
};

}  // namespace sluice::app
