// SPDX-License-Identifier: MIT
#include "app/process.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <cstdio>
#include <cstring>

#include "app/descriptor_limit.h"
#include "log/error_log.h"
#include "net/descriptor.h"

namespace sluice::app {

namespace asio = boost::asio;
using confparse::LogLevel;

void complain(LogLevel level, const std::string& message) {
  const std::string line = "nginx: [" + std::string(log::level_name(level)) + "] " + message + "\n";
  std::fputs(line.c_str(), stderr);
}

namespace {

std::string system_error_text(int number) {
  return "(" + std::to_string(number) + ": " + std::strerror(number) + ")";
}

std::size_t worker_count(const confparse::Settings& settings) {
  const std::size_t wanted = settings.main.worker_processes;
  return wanted > 0 ? wanted : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

}  // namespace

// The main thread's own loop: signals.
class Process::Signals {
 public:
  explicit Signals(Process& process) : process_(process) {
    // Read from a descriptor, never by a handler: nothing runs in the middle of something else.
    // The workers are made with these blocked too.
    sigset_t taken;
    ::sigemptyset(&taken);
    for (const int number : {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1}) {
      ::sigaddset(&taken, number);
    }
    ::pthread_sigmask(SIG_BLOCK, &taken, nullptr);
    signals_.assign(::signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK));
  }

  void run() {
    wait_for_signal();
    io_.run();
    if (joiner_.joinable()) {
      joiner_.join();
    }
  }

  // From any thread.
  void say_soon(LogLevel level, const std::string& message) {
    asio::post(io_, [this, level, message] { process_.say(level, message); });
  }

 private:
  void wait_for_signal() {
    signals_.async_wait(asio::posix::stream_descriptor::wait_read,
                        [this](const boost::system::error_code& error) {
                          if (error) {
                            return;
                          }
                          signalfd_siginfo info{};
                          while (::read(signals_.native_handle(), &info, sizeof info) ==
                                 static_cast<ssize_t>(sizeof info)) {
                            handle(static_cast<int>(info.ssi_signo));
                          }
                          wait_for_signal();
                        });
  }

  void handle(int number) {
    process_.say(LogLevel::notice,
                 "signal " + std::to_string(number) + " (" + ::strsignal(number) + ") received");
    switch (number) {
      case SIGHUP:
        if (!draining_) {
          process_.reload();
        }
        return;
      case SIGUSR1:
        process_.reopen_logs();
        return;
      case SIGQUIT:
        if (!draining_) {
          draining_ = true;
          drain();
        }
        return;
      default:
        stop();
    }
  }

  void stop() {
    for (const auto& worker : process_.workers_) {
      worker->stop();
    }
    io_.stop();
  }

  // Another signal may come while the clients are served to their end.
  void drain() {
    for (const auto& worker : process_.workers_) {
      worker->drain();
    }
    joiner_ = std::thread([this] {
      for (const auto& worker : process_.workers_) {
        worker->join();
      }
      asio::post(io_, [this] { io_.stop(); });
    });
  }

  Process& process_;
  asio::io_context io_;
  asio::posix::stream_descriptor signals_{io_};
  std::thread joiner_;
  bool draining_ = false;
};

Process::Process(confparse::LoadRequest request) : request_(std::move(request)) {}
Process::~Process() = default;

void Process::say(LogLevel level, const std::string& message) const {
  log_->write(level, message);
}

int Process::run(confparse::Loaded loaded) {
  if (!prepare(loaded) || !open_listeners() || !become_daemon()) {
    return 1;
  }
  ::signal(SIGPIPE, SIG_IGN);
  Signals signals{*this};  // before anybody can read the pid: no signal is lost
  if (!write_pid()) {      // as root still: /run is root's
    return 1;
  }
  raise_descriptor_limit(generation_->settings(), worker_count(generation_->settings()), *log_);
  if (!drop_privileges()) {
    remove_pid();
    return 1;
  }
  // Not before the daemon is born: threads do not survive fork().
  files_.start([&signals](const std::string& loss) { signals.say_soon(LogLevel::alert, loss); });
  start_workers();
  announce(opened_);
  opened_.clear();
  say(LogLevel::notice, "sluice is ready: nginx/1.31.3 (sluice/" SLUICE_VERSION "), " +
                            std::to_string(workers_.size()) + " worker threads");
  leave_terminal();
  signals.run();
  for (const auto& worker : workers_) {
    worker->join();
  }
  say(LogLevel::notice, "exit");
  files_.stop(std::chrono::seconds{1});
  remove_pid();
  return 0;
}

bool Process::prepare(const confparse::Loaded& loaded) {
  const confparse::Settings& settings = *loaded.settings;
  try {
    log_ = proxy::open_error_log(settings.main.error_logs, files_);
    generation_ = std::make_shared<proxy::Generation>(
        loaded.settings, proxy::Generation::Surroundings{&files_, log_, nullptr, true});
  } catch (const confparse::ConfigError& error) {
    complain(LogLevel::emerg, confparse::explain(error.position(), error.what(), error.advice()));
    return false;
  }
  for (const confparse::Warning& warning : generation_->warnings()) {
    complain(LogLevel::warn, confparse::explain(warning.position, warning.message, warning.advice));
  }
  pid_path_ = settings.main.pid_path;
  return true;
}

bool Process::open_listeners() {
  listening_ = std::make_unique<Listening>(worker_count(generation_->settings()));
  ListenChanges changes = listening_->change_to(generation_->settings());
  if (!changes.error.empty()) {
    complain(LogLevel::emerg, changes.error);
    return false;
  }
  opened_ = std::move(changes.opened);
  return true;
}

bool Process::become_daemon() const {
  if (!generation_->settings().main.daemon) {
    return true;
  }
  const pid_t child = ::fork();
  if (child < 0) {
    complain(LogLevel::emerg, "fork() failed " + system_error_text(errno));
    return false;
  }
  if (child > 0) {
    ::_exit(0);
  }
  ::setsid();
  ::umask(0);
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing >= 0) {
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(nothing, STDOUT_FILENO);
    ::close(nothing);
  }
  return true;
}

// A folder of temporary files becomes the user's, as in nginx; but /tmp stays everybody's.
static void give_folder(const std::string& folder, uid_t user, gid_t group) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) == 0 &&
      status.st_uid != user && ::chown(folder.c_str(), user, group) != 0) {
    complain(LogLevel::warn, "chown() \"" + folder + "\" failed " + system_error_text(errno));
  }
}

// For good: started as root, serving as the configured user.
bool Process::drop_privileges() {
  const auto& user = generation_->settings().main.user;
  if (!user || ::geteuid() != 0) {
    return true;
  }
  const passwd* entry = ::getpwnam(user->user.c_str());
  if (entry == nullptr) {
    complain(LogLevel::emerg,
             confparse::explain(user->position, "getpwnam(\"" + user->user + "\") failed", {}));
    return false;
  }
  gid_t group = entry->pw_gid;
  if (!user->group.empty()) {
    const struct group* named = ::getgrnam(user->group.c_str());
    if (named == nullptr) {
      complain(LogLevel::emerg,
               confparse::explain(user->position, "getgrnam(\"" + user->group + "\") failed", {}));
      return false;
    }
    group = named->gr_gid;
  }
  for (const auto& file : files_.all()) {
    file->change_owner(entry->pw_uid, group);
  }
  for (const std::string& folder : generation_->temp_folders()) {
    give_folder(folder, entry->pw_uid, group);
  }
  if (::setgid(group) != 0 || ::initgroups(user->user.c_str(), group) != 0 ||
      ::setuid(entry->pw_uid) != 0) {
    complain(LogLevel::emerg, "cannot become \"" + user->user + "\" " + system_error_text(errno));
    return false;
  }
  return true;
}

bool Process::write_pid() {
  if (pid_path_.empty()) {
    return true;
  }
  const std::string text = std::to_string(::getpid()) + "\n";
  pid_file_ =
      net::Descriptor{::open(pid_path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
  if (!pid_file_ || ::write(pid_file_.get(), text.data(), text.size()) < 0) {
    // Of a bare file nobody asked for one.
    const bool needed = !generation_->settings().bare;
    complain(needed ? LogLevel::emerg : LogLevel::warn,
             "open() \"" + pid_path_ + "\" failed " + system_error_text(errno));
    return !needed;
  }
  return true;
}

void Process::remove_pid() const {
  if (pid_path_.empty() || ::unlink(pid_path_.c_str()) == 0) {
    return;
  }
  // The folder is root's, who we are no more: a file without a number names nobody.
  [[maybe_unused]] const int done = ::ftruncate(pid_file_.get(), 0);
}

// Whoever waits for the end of our output (ssh, a shell's $(…)) must not wait for a daemon's.
void Process::leave_terminal() const {
  if (generation_->settings().main.daemon) {
    log_->targets().front().file->become_stderr();
  }
}

void Process::start_workers() {
  const std::size_t count = worker_count(generation_->settings());
  for (std::size_t number = 0; number < count; ++number) {
    workers_.push_back(std::make_unique<WorkerThread>(generation_, number, count));
    for (OpenedPoint& opened : opened_) {
      workers_.back()->listen(*opened.point, std::move(opened.sockets[number]));
    }
  }
  for (const auto& worker : workers_) {
    worker->start();
  }
}

void Process::announce(const std::vector<OpenedPoint>& points) const {
  for (const OpenedPoint& opened : points) {
    say(LogLevel::notice,
        "listening on " + opened.point->bound.text() + " for " + opened.point->configured);
  }
}

// A configuration that does not load leaves the running one untouched.
void Process::reload() {
  try {
    const confparse::Loaded loaded = confparse::load(request_);
    auto log = proxy::open_error_log(loaded.settings->main.error_logs, files_);
    auto next = std::make_shared<const proxy::Generation>(
        loaded.settings, proxy::Generation::Surroundings{&files_, log, generation_.get(), true});
    ListenChanges changes = listening_->change_to(*loaded.settings);
    if (!changes.error.empty()) {
      say(LogLevel::emerg, changes.error);
      return;
    }
    for (const confparse::Warning& warning : next->warnings()) {
      say(LogLevel::warn, confparse::one_line(warning.position, warning.message));
    }
    log_ = std::move(log);
    generation_ = std::move(next);
    for (std::size_t number = 0; number < workers_.size(); ++number) {
      workers_[number]->use(generation_);
      for (OpenedPoint& opened : changes.opened) {
        workers_[number]->open(*opened.point, std::move(opened.sockets[number]));
      }
      for (const proxy::ListenPoint* point : changes.gone) {
        workers_[number]->close(*point);
      }
    }
    files_.flush();
    announce(changes.opened);
    // Said when it is true for every request from now on.
    auto left = std::make_shared<std::atomic<std::size_t>>(workers_.size());
    for (const auto& worker : workers_) {
      worker->tell([left, log = log_] {
        if (left->fetch_sub(1) == 1) {
          log->write(LogLevel::notice, "reconfigured");
        }
      });
    }
  } catch (const confparse::ConfigError& error) {
    say(LogLevel::emerg,
        confparse::one_line(error.position(), error.what()) + "; the running configuration stays");
  }
}

void Process::reopen_logs() {
  if (const std::error_code error = files_.reopen_all()) {
    say(LogLevel::alert, "reopening logs failed " + system_error_text(error.value()));
  } else {
    say(LogLevel::notice, "reopened logs");
  }
}

}  // namespace sluice::app
