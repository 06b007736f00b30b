// SPDX-License-Identifier: MIT
#include "app/serving.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <optional>

#include "app/complain.h"
#include "app/control_thread.h"
#include "app/descriptor_limit.h"
#include "app/environment.h"
#include "app/serving_signals.h"

namespace sluice::app {

using log::Level;

namespace {

bool is_stderr(const log::ErrorLog& log) {
  return std::ranges::any_of(log.targets(), [](const log::ErrorLog::Target& target) {
    return target.file->path() == "stderr";
  });
}

}  // namespace

Serving::Serving(Launch& launch, std::vector<ListenSockets> sockets, Link parent)
    : launch_(launch), sockets_(std::move(sockets)), parent_(std::move(parent)) {}
Serving::~Serving() = default;

void Serving::say(Level level, const std::string& message) const {
  launch_.log->write(level, message);
}

int Serving::run(Start start) {
  if (!prepare(start)) {
    if (!parent_.is_open()) {
      remove_files(sockets_, launch_.predecessor_is_there());
    }
    return 1;
  }
  Signals signals{*this};
  make_workers([&] { signals.note_worker_ended(); });
  std::optional<ControlThread> control;
  launch_.files.prepare([&](const std::string& loss) {
    signals.say_soon(Level::alert, loss);
    control->call();
  });
  // The first worker is this thread.
  workers_.front()->tell([&] {
    tell_ready(start);
    control.emplace(workers_.front()->loop(), signals.sources(), [&] { signals.work(); });
    // No thread before this: they survive no fork(), and inherit what was dropped.
    launch_.files.start();
    std::for_each(workers_.begin() + 1, workers_.end(), [](auto& worker) { worker->start(); });
  });
  workers_.front()->run();
  for (const auto& worker : workers_) {
    worker->join();
  }
  control.reset();
  say(Level::notice, "exit");
  launch_.files.stop(std::chrono::seconds{1});
  return 0;
}

void Serving::tell_ready(Start start) {
  if (start == Start::first) {
    announce(sockets_);
  }
  sockets_.clear();
  if (parent_.is_open()) {
    parent_.send(Topic::ready);  // before it is said: whoever reads that may end us
  } else {
    launch_.notify.ready();
  }
  say(Level::notice, "sluice is ready: nginx/1.31.3 (sluice/" SLUICE_VERSION "), " +
                         std::to_string(workers_.size()) +
                         (workers_.size() == 1 ? " worker thread" : " worker threads"));
  leave_terminal();
  launch_.launcher.serves();
}

bool Serving::prepare(Start start) {
  if (!launch_.generation && !make_generation()) {
    return false;
  }
  set_descriptor_limit(*launch_.settings, launch_.workers, *launch_.log);
  const confparse::MainSettings& main = launch_.settings->main;
  std::string error = drop_privileges();
  if (error.empty() && !watch_parent()) {
    return false;
  }
  if (error.empty() && !main.working_directory.empty() &&
      ::chdir(main.working_directory.c_str()) != 0) {
    error = "chdir(\"" + main.working_directory + "\") failed " + system_error_text(errno);
  }
  if (!error.empty()) {
    say(Level::emerg, error);
    if (start == Start::first && !is_stderr(*launch_.log)) {
      complain(Level::emerg, error);  // whoever typed it does not look into a log
    }
    return false;
  }
  use_environment(main.environment);
  return true;
}

// Of the last good configuration: the process that served it has ended unexpectedly.
bool Serving::make_generation() {
  try {
    launch_.generation = std::make_shared<const proxy::Generation>(
        launch_.settings,
        proxy::Generation::Surroundings{&launch_.files, launch_.log, nullptr, true});
    return true;
  } catch (const confparse::ConfigError& error) {
    say(Level::emerg, confparse::one_line(error.position(), error.what()));
    return false;
  }
}

// Why it could not, or nothing.
std::string Serving::drop_privileges() {
  if (!launch_.user) {
    return {};
  }
  give_to(*launch_.user, launch_.files, launch_.generation->temp_folders());
  return become(*launch_.user, parent_.is_open() ? Ports::none : Ports::low, *launch_.log);
}

// Whoever ends the parent with -9 wants the ports for a new one.  The link says so too; this is for
// the case that our first worker hears nothing: it is busy, or we are stopped, and only KILL is
// heard then.  After setuid(), which forgets it.
bool Serving::watch_parent() {
  if (!parent_.is_open()) {
    return true;
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Gone before that?  Then the link has been closed.
  return !parent_.receive() && !parent_.is_closed();
}

// Whoever waits for the end of our output (ssh, a shell's $(…)) must not wait for a daemon's.
void Serving::leave_terminal() const {
  if (launch_.settings->main.daemon) {
    launch_.log->targets().front().file->become_stderr();
  }
}

void Serving::make_workers(const std::function<void()>& at_end) {
  for (std::size_t number = 0; number < launch_.workers; ++number) {
    workers_.push_back(
        std::make_unique<WorkerThread>(launch_.generation, number, launch_.workers, at_end));
  }
  for (ListenSockets& address : sockets_) {
    take_up(address);
  }
}

// As a rule a socket for each worker; but a predecessor may have had more workers, or fewer.
void Serving::take_up(ListenSockets& address) {
  if (!parent_.is_open() && address.bound.is_unix()) {
    paths_.push_back({address.configured, address.bound, {}, address.origin});
  }
  const proxy::ListenPoint& point = points_.add(address);
  for (std::size_t i = 0; i < address.sockets.size(); ++i) {
    workers_[i % workers_.size()]->open(point, std::move(address.sockets[i]));
  }
}

void Serving::leave_addresses() {
  remove_files(paths_, launch_.predecessor_is_there());
  paths_.clear();
}

void Serving::announce(const std::vector<ListenSockets>& addresses) const {
  for (const ListenSockets& address : addresses) {
    const std::string bound = address.bound.text();
    say(Level::notice, "listening on " + bound +
                           (bound == address.configured ? "" : " for " + address.configured));
  }
}

void Serving::reload() {
  launch_.notify.reloading();
  const std::string refusal = change_to(launch_.request);
  launch_.notify.ready();
  if (!refusal.empty()) {
    say(Level::emerg, refusal + kStays);
  }
}

// The parent has read the files and opened the sockets, for it may do what we may not.
void Serving::reload(Texts texts) {
  confparse::LoadRequest request = launch_.request;
  request.files = &texts;
  const std::string refusal = change_to(request);
  if (!refusal.empty()) {
    say(Level::emerg, refusal + kStays);
    parent_.send(Topic::refused, refusal);
  }
}

// A configuration that does not load leaves the running one untouched: why, or nothing.
std::string Serving::change_to(const confparse::LoadRequest& request) {
  try {
    const confparse::Loaded loaded = confparse::load(request);
    auto log = proxy::open_error_log(loaded.settings->main.error_logs, launch_.files);
    auto next = std::make_shared<const proxy::Generation>(
        loaded.settings,
        proxy::Generation::Surroundings{&launch_.files, log, launch_.generation.get(), true});
    if (!parent_.is_open()) {
      Opened opened = open_missing(*loaded.settings, points_.open(), launch_.workers, {});
      if (!opened.error.empty()) {
        return opened.error;
      }
      sockets_ = std::move(opened.addresses);
    }
    for (const confparse::Warning& warning : next->warnings()) {
      say(Level::warn, confparse::one_line(warning.position, warning.message));
    }
    launch_.settings = loaded.settings;
    launch_.log = std::move(log);
    launch_.generation = std::move(next);
    use_launch();
    return {};
  } catch (const confparse::ConfigError& error) {
    return confparse::one_line(error.position(), error.what());
  }
}

// Of `launch_`, all is new: the workers take it up, each in its own time.
void Serving::use_launch() {
  for (const auto& worker : workers_) {
    worker->use(launch_.generation);
  }
  for (ListenSockets& address : sockets_) {
    take_up(address);
  }
  for (const proxy::ListenPoint* point : points_.retire_unwanted(*launch_.settings)) {
    for (const auto& worker : workers_) {
      worker->close(*point);
    }
  }
  const auto unwanted =
      std::stable_partition(paths_.begin(), paths_.end(), [this](const ListenSockets& address) {
        return wants(*launch_.settings, address.configured);
      });
  remove_files({unwanted, paths_.end()}, launch_.predecessor_is_there());
  paths_.erase(unwanted, paths_.end());
  launch_.files.flush();
  announce(sockets_);
  sockets_.clear();
  // Said when it is true for every request from now on.
  auto left = std::make_shared<std::atomic<std::size_t>>(workers_.size());
  for (const auto& worker : workers_) {
    worker->tell([this, left, log = launch_.log] {
      if (left->fetch_sub(1) == 1) {
        if (parent_.is_open()) {
          parent_.send(Topic::done);  // before it is said: whoever reads that may end us
        }
        log->write(Level::notice, "reconfigured");
      }
    });
  }
}

void Serving::reopen_logs() {
  const std::vector<std::string> failures = launch_.files.reopen_all();
  for (const std::string& failure : failures) {
    say(Level::emerg, failure);
  }
  launch_.files.withdraw_offers();
  if (failures.empty()) {
    say(Level::notice, "reopened logs");
  }
}

}  // namespace sluice::app
