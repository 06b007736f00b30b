// SPDX-License-Identifier: MIT
// The parent's children: who has ended, why, and when the next one starts.
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>

#include "app/how_it_ended.h"
#include "app/parent.h"

namespace sluice::app {

using log::Level;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

// Who lives as long as this has not died "again".
constexpr std::chrono::seconds kHealthyLife{10};
constexpr milliseconds kFirstPause{100};
constexpr milliseconds kLongestPause{5000};

}  // namespace

void Parent::signal_all(int signal) const {
  if (serving_.pid != 0) {
    ::kill(serving_.pid, signal);
  }
  for (const Child& child : leaving_) {
    ::kill(child.pid, signal);
  }
}

bool Parent::has_children() const {
  return serving_.pid != 0 || !leaving_.empty();
}

void Parent::collect_children() {
  for (;;) {
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, WNOHANG);
    if (pid <= 0) {
      return;
    }
    note_end(pid, status);
  }
}

void Parent::note_end(pid_t pid, int status) {
  if (pid == new_binary_) {
    note_end_of_new_binary(status);
    return;
  }
  if (std::erase_if(leaving_, [pid](const Child& child) { return child.pid == pid; }) > 0 ||
      pid != serving_.pid) {
    return;
  }
  read_link();  // it may have said something at last
  const Child ended = std::exchange(serving_, {});
  if (ending_ != 0) {
    return;
  }
  if (proposal_) {
    drop_proposal();
    say(Level::alert, "the serving process ended during a reload" + std::string(kStays));
  }
  if (!ever_ready_) {
    ending_ = SIGTERM;  // it could not begin, and has said why
    exit_code_ = 1;
    return;
  }
  if (steady_clock::now() - ended.since >= kHealthyLife) {
    deaths_in_a_row_ = 0;
  }
  plan_restart("serving process " + std::to_string(pid) + " " + how_it_ended(status));
}

// At once; but who dies again and again must not take the machine with it.
void Parent::plan_restart(const std::string& how) {
  milliseconds pause{0};
  if (deaths_in_a_row_ > 0) {
    pause = std::min(kLongestPause, kFirstPause * (1 << std::min(deaths_in_a_row_ - 1, 10)));
  }
  ++deaths_in_a_row_;
  restart_at_ = steady_clock::now() + pause;
  say(Level::alert, how + "; starting it again" +
                        (pause.count() > 0 ? " in " + std::to_string(pause.count()) + " ms" : ""));
}

}  // namespace sluice::app
