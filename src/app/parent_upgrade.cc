// SPDX-License-Identifier: MIT
// USR2: a new binary is started beside us, with the sockets that we hold.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "app/complain.h"
#include "app/environment.h"
#include "app/handover.h"
#include "app/how_it_ended.h"
#include "app/parent.h"
#include "app/signal_set.h"

namespace sluice::app {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) {
    result.push_back(word.data());
  }
  result.push_back(nullptr);
  return result;
}

}  // namespace

// One at a time: the name of the old one's pid file is taken otherwise.  Who has given that up is
// just ending.
bool Parent::may_start_new_binary() const {
  return ending_ == 0 && new_binary_ == 0 &&
         !(launch_.predecessor_is_there() && pid_file_.is_another_aside());
}

void Parent::start_new_binary() {
  if (!may_start_new_binary()) {
    say(log::Level::alert,
        "the changing binary signal is ignored: you should shutdown or terminate before either "
        "old or new binary's process");
    return;
  }
  if (!pid_file_.step_aside()) {
    say(log::Level::alert, "rename() of \"" + pid_file_.path() + "\" failed " +
                               system_error_text(errno) + ": no new binary is started");
    return;
  }
  const pid_t self = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) {
    become_new_binary(self);
  }
  if (pid < 0) {
    say(log::Level::alert, "fork() failed " + system_error_text(errno));
    pid_file_.come_back();
    return;
  }
  new_binary_ = pid;
  say(log::Level::notice,
      "started the new binary " + launch_.binary + ": process " + std::to_string(new_binary_));
}

void Parent::become_new_binary(pid_t from) const {
  restore_signals();
  std::vector<std::string> words = launch_.command;
  std::vector<std::string> variables = chosen_environment(launch_.settings->main.environment);
  std::ranges::move(hand_over(held_, from), std::back_inserter(variables));
  if (!launch_.notify.socket().empty()) {
    variables.push_back("NOTIFY_SOCKET=" + launch_.notify.socket());
  }
  ::execve(launch_.binary.c_str(), pointers(words).data(), pointers(variables).data());
  say(log::Level::alert,
      "execve() of \"" + launch_.binary + "\" failed " + system_error_text(errno));
  ::_exit(1);
}

// It did not start, or ended before us: all is as it was.
void Parent::note_end_of_new_binary(int status) {
  say(log::Level::alert,
      "the new binary, process " + std::to_string(new_binary_) + ", " + how_it_ended(status));
  new_binary_ = 0;
  pid_file_.come_back();
  if (std::exchange(wound_down_, false) && ending_ == 0) {
    restart_at_ = std::chrono::steady_clock::now();
  }
}

}  // namespace sluice::app
