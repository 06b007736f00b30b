// SPDX-License-Identifier: MIT
// The serving process: from settings to workers, and what signals make of it.
//
//   TERM INT  stop at once        HUP   reload: swap the generation
//   QUIT      drain, then stop    USR1  open the logs again
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/listening.h"
#include "app/worker_thread.h"
#include "confparse/load.h"
#include "log/files.h"
#include "net/descriptor.h"
#include "proxy/generation.h"

namespace sluice::app {

class Process {
 public:
  // `request` is kept: a reload loads again.
  explicit Process(confparse::LoadRequest request);
  ~Process();

  // Starts and serves until told to end.  The exit code; what went wrong was said on stderr.
  int run(confparse::Loaded loaded);

 private:
  class Signals;

  bool prepare(const confparse::Loaded& loaded);
  bool open_listeners();
  bool become_daemon() const;
  bool drop_privileges();
  bool write_pid();
  void remove_pid() const;
  void leave_terminal() const;
  void start_workers();
  void reload();
  void reopen_logs();
  void announce(const std::vector<OpenedPoint>& points) const;
  void say(confparse::LogLevel level, const std::string& message) const;

  confparse::LoadRequest request_;
  log::Files files_;
  std::shared_ptr<const log::ErrorLog> log_;
  std::shared_ptr<const proxy::Generation> generation_;
  std::unique_ptr<Listening> listening_;
  std::vector<OpenedPoint> opened_;
  std::vector<std::unique_ptr<WorkerThread>> workers_;
  std::string pid_path_;
  net::Descriptor pid_file_;
};

// "nginx: [emerg] …": before there is a log, and for the person who typed the command.
void complain(confparse::LogLevel level, const std::string& message);

}  // namespace sluice::app
