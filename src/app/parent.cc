// SPDX-License-Identifier: MIT
#include "app/parent.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "app/complain.h"
#include "app/signal_set.h"

namespace sluice::app {

using log::Level;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

// At TERM; then it is killed.
constexpr std::chrono::seconds kPatience{5};

}  // namespace

Parent::Parent(Launch& launch, std::vector<ListenSockets> sockets, PidFile& pid_file)
    : launch_(launch), held_(std::move(sockets)), pid_file_(pid_file), signals_(open_signals()) {}

void Parent::say(Level level, const std::string& message) const {
  launch_.log->write(level, message);
}

Parent::Role Parent::run() {
  bool is_child = fork_serving();
  while (!is_child && (ending_ == 0 || has_children())) {
    wait();
    read_link();
    read_signals();
    const steady_clock::time_point now = steady_clock::now();
    if (now >= kill_at_) {
      kill_at_ = Time::max();
      signal_all(SIGKILL);
    }
    if (now >= restart_at_ && ending_ == 0) {
      restart_at_ = Time::max();
      is_child = fork_serving();
    }
  }
  return is_child ? Role::serving : Role::ended;
}

bool Parent::fork_serving() {
  Link::Ends ends = Link::make();
  const pid_t pid = ends.parent.is_open() ? ::fork() : -1;
  if (pid == 0) {
    become_child(std::move(ends.serving));
    return true;
  }
  if (pid < 0) {
    plan_restart("fork() failed " + system_error_text(errno));
    return false;
  }
  launch_.generation.reset();  // it was for the first
  start_ = Serving::Start::again;
  serving_ = {pid, std::move(ends.parent), steady_clock::now()};
  return false;
}

// What is the parent's is closed, above all its ends of the links: who listens there waits for them
// to be closed.
void Parent::become_child(Link link) {
  serving_link_ = std::move(link);
  serving_ = {};
  leaving_.clear();
  proposal_.reset();
  signals_.reset();
}

void Parent::wait() {
  std::array<pollfd, 2> descriptors{pollfd{signals_.get(), POLLIN, 0},
                                    pollfd{serving_.link.get(), POLLIN, 0}};
  const Time until = std::min(restart_at_, kill_at_);
  int timeout = -1;
  if (until != Time::max()) {
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
    timeout = static_cast<int>(std::max<long long>(0, left.count()));
  }
  ::poll(descriptors.data(), descriptors.size(), timeout);  // a descriptor of -1 is left out
}

void Parent::read_link() {
  while (serving_.link.is_open()) {
    const std::optional<Message> message = serving_.link.receive();
    if (!message) {
      if (serving_.link.is_closed()) {
        serving_.link.close();  // SIGCHLD says the rest
      }
      return;
    }
    handle(*message);
  }
}

void Parent::handle(const Message& message) {
  switch (message.topic) {
    case Topic::ready:
      note_ready();
      return;
    case Topic::done:
      commit();
      break;
    case Topic::refused:
      proposal_.reset();  // what was opened for it is closed
      launch_.notify.ready();
      break;
    default:
      return;
  }
  if (std::exchange(reload_again_, false)) {
    reload();
  }
}

void Parent::note_ready() {
  ever_ready_ = true;
  launch_.notify.ready();
  if (launch_.settings->main.daemon) {
    launch_.log->targets().front().file->become_stderr();
  }
}

void Parent::read_signals() {
  while (const auto signal = next_signal(signals_.get())) {
    handle(signal->number, signal->from_kernel);
  }
}

void Parent::handle(int number, bool from_kernel) {
  if (number == SIGCHLD) {
    collect_children();
    return;
  }
  if (number == SIGWINCH && from_kernel) {
    return;
  }
  say(Level::notice,
      "signal " + std::to_string(number) + " (" + ::strsignal(number) + ") received");
  switch (number) {
    case SIGHUP:
      if (ending_ == 0) {
        reload();
      }
      return;
    case SIGUSR1:
      reopen_logs();
      return;
    case SIGWINCH:
      if (ending_ == 0) {
        wind_down();
      }
      return;
    case SIGUSR2:
      if (ending_ == 0) {
        start_new_binary();
      }
      return;
    case SIGQUIT:
      if (ending_ == 0) {
        stop(SIGQUIT);
      }
      return;
    default:
      stop(SIGTERM);
  }
}

void Parent::stop(int signal) {
  ending_ = signal;
  if (new_binary_ == 0) {
    launch_.notify.stopping();  // else the service goes on
  }
  restart_at_ = Time::max();
  held_.clear();
  proposal_.reset();
  signal_all(signal);
  if (signal == SIGTERM) {
    kill_at_ = steady_clock::now() + kPatience;
  }
}

// WINCH: the sockets stay open, and whoever shares them serves; HUP starts a serving process again.
void Parent::wind_down() {
  wound_down_ = true;
  restart_at_ = Time::max();
  proposal_.reset();
  if (serving_.pid != 0) {
    ::kill(serving_.pid, SIGQUIT);
    leaving_.push_back(std::exchange(serving_, {}));
  }
}

void Parent::reopen_logs() {
  if (launch_.user) {
    make_for(*launch_.user, *launch_.settings);
  }
  if (const std::error_code error = launch_.files.reopen_all()) {
    say(Level::alert, "reopening logs failed " + system_error_text(error.value()));
  }
  signal_all(SIGUSR1);
}

}  // namespace sluice::app
