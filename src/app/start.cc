// SPDX-License-Identifier: MIT
#include "app/start.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <thread>

#include "app/complain.h"
#include "app/handover.h"
#include "app/parent.h"
#include "app/signal_set.h"

namespace sluice::app {
namespace {

using confparse::LogLevel;

// nginx waits for an address that is taken as well, though longer.
constexpr std::chrono::milliseconds kPatience{500};

std::size_t worker_count(const confparse::Settings& settings) {
  const std::size_t wanted = settings.main.worker_processes;
  return wanted > 0 ? wanted : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

bool prepare(Launch& launch) {
  try {
    launch.log = proxy::open_error_log(launch.settings->main.error_logs, launch.files);
    launch.generation = std::make_shared<const proxy::Generation>(
        launch.settings, proxy::Generation::Surroundings{&launch.files, launch.log, nullptr, true});
  } catch (const confparse::ConfigError& error) {
    complain(LogLevel::emerg, confparse::explain(error.position(), error.what(), error.advice()));
    return false;
  }
  for (const confparse::Warning& warning : launch.generation->warnings()) {
    complain(LogLevel::warn, confparse::explain(warning.position, warning.message, warning.advice));
  }
  FoundUser found = find_user(launch.settings->main);
  if (!found.error.empty()) {
    complain(LogLevel::emerg, found.error);
    return false;
  }
  launch.user = std::move(found.user);
  launch.workers = worker_count(*launch.settings);
  return true;
}

// By the path that was typed, so that what is put or linked there later is what USR2 starts; a word
// without a slash was found in $PATH.
std::string binary_of(const std::string& word) {
  std::error_code error;
  return word.find('/') == std::string::npos
             ? std::filesystem::read_symlink("/proc/self/exe", error).string()
             : std::filesystem::absolute(word, error).string();
}

// Those that were handed to us, and what is missing.
Opened open_sockets(const Launch& launch, Inherited inherited) {
  std::vector<ListenSockets> sockets =
      claim(*launch.settings, std::move(inherited), launch.workers);
  Opened opened = open_missing(*launch.settings, addresses_of(sockets), launch.workers, kPatience);
  if (opened.error.empty()) {
    std::ranges::move(opened.addresses, std::back_inserter(sockets));
    opened.addresses = std::move(sockets);
  }
  return opened;
}

}  // namespace

int run(confparse::LoadRequest request, const confparse::Loaded& loaded,
        std::vector<std::string> command) {
  Launch launch;
  launch.binary = binary_of(command.at(0));
  launch.command = std::move(command);
  launch.request = std::move(request);
  launch.settings = loaded.settings;
  if (!prepare(launch)) {
    return 1;
  }
  Inherited inherited = take_inherited();
  launch.predecessor = inherited.predecessor;
  Opened opened = open_sockets(launch, std::move(inherited));
  if (!opened.error.empty()) {
    complain(LogLevel::emerg, opened.error);
    return 1;
  }
  const auto fail = [&opened] {
    remove_files(opened.addresses, /*predecessor_is_there=*/true);
    return 1;
  };
  if (launch.settings->main.daemon && launch.predecessor == 0 && !launch.launcher.leave()) {
    return fail();
  }
  block_signals();
  PidFile pid_file;  // written as root still: /run is root's
  if (!pid_file.write(launch.settings->main.pid_path, !launch.settings->bare)) {
    return fail();
  }
  int code = 0;
  if (launch.settings->main.master_process) {
    Parent parent{launch, std::move(opened.addresses), pid_file};
    if (parent.run() == Parent::Role::serving) {
      return Serving{launch, parent.take_sockets(), parent.take_link()}.run(parent.start());
    }
    code = parent.exit_code();
  } else {
    code = Serving{launch, std::move(opened.addresses), {}}.run(Serving::Start::first);
  }
  pid_file.remove();
  return code;
}

}  // namespace sluice::app
