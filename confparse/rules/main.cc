// SPDX-License-Identifier: MIT
// The main context: the process itself.
#include <array>

#include "confparse/rules/setters.h"
#include "confparse/values.h"

namespace sluice::confparse {
namespace {

void set_user(Line& line) {
  line.part<MainSettings>().user =
      UserSetting{line.word(0), line.size() > 1 ? line.word(1) : std::string(), line.position()};
}

void set_worker_processes(Line& line) {
  auto& processes = line.part<MainSettings>().worker_processes;
  if (line.word(0) == "auto") {
    processes = 0;
    return;
  }
  const auto number = parse_number(line.word(0));
  if (!number || *number == 0) {
    line.invalid_value(0, "expected a number of threads, at least 1, or \"auto\"");
  }
  processes = clamped<std::uint32_t>(*number);
}

void set_pid(Line& line) {
  line.part<MainSettings>().pid_path = line.path(0);
}

void add_environment(Line& line) {
  line.part<MainSettings>().environment.push_back(line.word(0));
}

void set_load_module(Line& line) {
  line.warn(line.position(), "\"load_module\" has no effect",
            "sluice loads no modules: what it can do is built in");
}

void set_worker_priority(Line& line) {
  const std::string& word = line.word(0);
  if (!parse_number(word.starts_with('-') ? word.substr(1) : word)) {
    line.fail_at(0, "\"worker_priority\" directive invalid number",
                 "expected a number from -20 to 20");
  }
}

void set_worker_cpu_affinity(Line& line) {
  for (std::size_t i = line.word(0) == "auto" ? 1 : 0; i < line.size(); ++i) {
    const std::size_t wrong = line.word(i).find_first_not_of("01");
    if (wrong != std::string::npos) {
      line.fail_at(i,
                   std::string("invalid character \"") + line.word(i)[wrong] +
                       "\" in \"worker_cpu_affinity\"",
                   "expected \"auto\" or a mask of 0 and 1 for each worker");
    }
  }
}

constexpr std::array kRules{
    Rule{"user", kMain, takes(1, 2), set_user, 0, "nobody, when started as root"},
    Rule{"worker_processes", kMain, takes(1), set_worker_processes, 0,
         "1; auto in a file of bare http blocks"},
    Rule{"daemon", kMain, takes(1), flag<&MainSettings::daemon>},
    Rule{"master_process", kMain, takes(1), flag<&MainSettings::master_process>},
    Rule{"worker_rlimit_nofile", kMain, takes(1), number<&MainSettings::most_descriptors>},
    Rule{"pid", kMain, takes(1), set_pid, 0, "/run/nginx.pid"},
    Rule{"working_directory", kMain, takes(1), word<&MainSettings::working_directory>},
    Rule{"env", kMain, takes(1), add_environment, kRepeats, "TZ"},
    Rule{"worker_shutdown_timeout", kMain, takes(1), duration<&MainSettings::shutdown_timeout>},
    Rule{"load_module", kMain, takes(1), set_load_module, kRepeats, {}, Standing::ignored},
    without_effect("lock_file", kMain, takes(1), unchecked),
    without_effect("worker_rlimit_core", kMain, takes(1), checked_offset),
    without_effect("worker_priority", kMain, takes(1), set_worker_priority),
    without_effect("worker_cpu_affinity", kMain, takes(1, kAnyNumber), set_worker_cpu_affinity),
    without_effect("pcre_jit", kMain, takes(1), checked_flag),
    without_effect("timer_resolution", kMain, takes(1), checked_duration),
};

}  // namespace

std::span<const Rule> main_rules() {
  return kRules;
}

}  // namespace sluice::confparse
