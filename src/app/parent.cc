// SPDX-License-Identifier: MIT
#include "app/parent.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "app/complain.h"

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
  if (is_child) {
    return Role::serving;
  }
  leave_addresses();
  return Role::ended;
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
  launch_.launcher.forget();
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
      drop_proposal();
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
  launch_.launcher.serves();
}

// USR2 and QUIT that wait both come in the order of their numbers, whatever was sent first: a new
// binary is started before the sockets are closed.
void Parent::read_signals() {
  std::vector<Signal> signals;
  while (const auto signal = next_signal(signals_.get())) {
    signals.push_back(*signal);
  }
  std::stable_partition(signals.begin(), signals.end(),
                        [](const Signal& signal) { return signal.number == SIGUSR2; });
  for (const Signal& signal : signals) {
    handle(signal);
  }
}

const char* Parent::action_of(int number) const {
  switch (number) {
    case SIGHUP:
      return ending_ == 0 ? "reconfiguring" : "ignoring";
    case SIGUSR1:
      return "reopening logs";
    case SIGWINCH:
      return ending_ == 0 ? "stop accepting connections" : "ignoring";
    case SIGUSR2:
      return may_start_new_binary() ? "changing binary" : "ignoring";
    case SIGQUIT:
      return ending_ == 0 ? "shutting down" : "ignoring";
    default:
      return "exiting";
  }
}

void Parent::handle(const Signal& signal) {
  if (signal.number == SIGCHLD) {
    collect_children();
    return;
  }
  if (signal.number == SIGWINCH && signal.from_kernel) {
    return;
  }
  say(Level::notice, text_of(signal, action_of(signal.number)));
  switch (signal.number) {
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
  drop_proposal();
  leave_addresses();
  signal_all(signal);
  if (signal == SIGTERM) {
    kill_at_ = steady_clock::now() + kPatience;
  }
}

// A new binary has them as well, and serves there.
void Parent::leave_addresses() {
  if (new_binary_ == 0) {
    remove_files(held_, launch_.predecessor_is_there());
  }
  held_.clear();
}

// WINCH: the sockets stay open, and whoever shares them serves; HUP starts a serving process again.
void Parent::wind_down() {
  wound_down_ = true;
  restart_at_ = Time::max();
  drop_proposal();
  if (serving_.pid != 0) {
    ::kill(serving_.pid, SIGQUIT);
    leaving_.push_back(std::exchange(serving_, {}));
  }
}

void Parent::reopen_logs() {
  if (launch_.user) {
    for (const auto& [path, log] : make_for(*launch_.user, *launch_.settings)) {
      serving_.link.send(Topic::log, path, {log.get()});
    }
  }
  for (const std::string& failure : launch_.files.reopen_all()) {
    say(Level::emerg, failure);
  }
  signal_all(SIGUSR1);
}

}  // namespace sluice::app
