// SPDX-License-Identifier: MIT
// sluice: options -> settings -> workers.  The only file that knows every part.
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "app/complain.h"
#include "app/options.h"
#include "app/start.h"
#include "app/user.h"
#include "balancers/strategies.h"
#include "confparse/load.h"
#include "confparse/print_directives.h"
#include "proxy/generation.h"
#include "simulate/simulate.h"

namespace {

using namespace sluice;
using confparse::LogLevel;

constexpr const char* kDefaultFile = "/etc/nginx/nginx.conf";

std::string absolute_under(const std::string& prefix, const std::string& path) {
  return path.empty() || path.front() == '/' || path == "stderr" ? path : prefix + path;
}

confparse::LoadRequest load_request(const app::Options& options) {
  confparse::LoadRequest request;
  if (options.prefix) {
    std::error_code error;
    request.defaults.prefix = std::filesystem::absolute(*options.prefix, error).string();
    if (!request.defaults.prefix.ends_with('/')) {
      request.defaults.prefix.push_back('/');
    }
  }
  const std::string& prefix = request.defaults.prefix;
  request.path = options.file ? *options.file : kDefaultFile;
  if (options.file && options.prefix) {
    request.path = absolute_under(prefix, request.path);
  } else if (options.file && request.path.front() != '/') {
    // nginx looks under the prefix; a person means the file in front of them.
    const bool is_here = std::filesystem::exists(request.path);
    request.path = is_here ? std::filesystem::absolute(request.path).string()
                           : absolute_under(prefix, request.path);
  }
  if (options.error_log) {
    request.defaults.error_log_path = absolute_under(prefix, *options.error_log);
    request.defaults.bare_error_log_path = request.defaults.error_log_path;
  }
  request.global_directives = options.directives;
  request.defaults.privileged = ::geteuid() == 0;
  for (const balancers::Strategy& strategy : balancers::strategies()) {
    request.strategies.push_back({std::string(strategy.directive), strategy.least_words,
                                  strategy.most_words, strategy.takes_backup, strategy.has_key,
                                  strategy.complaint, strategy.most_weight});
  }
  return request;
}

// -s: the process named by the pid file gets the signal.
int send_signal(const std::string& name, const std::string& pid_path) {
  std::ifstream file(pid_path);
  if (!file) {
    app::complain(LogLevel::error, "open() \"" + pid_path + "\" failed (" + std::to_string(errno) +
                                       ": " + std::strerror(errno) + ")");
    return 1;
  }
  long process = 0;
  if (!(file >> process) || process <= 1) {
    app::complain(LogLevel::error, "invalid PID number in \"" + pid_path + "\"");
    return 1;
  }
  const int number = name == "stop"     ? SIGTERM
                     : name == "quit"   ? SIGQUIT
                     : name == "reopen" ? SIGUSR1
                                        : SIGHUP;
  if (::kill(static_cast<pid_t>(process), number) != 0) {
    app::complain(LogLevel::alert, "kill(" + std::to_string(process) + ", " +
                                       std::to_string(number) + ") failed (" +
                                       std::to_string(errno) + ": " + std::strerror(errno) + ")");
    return 1;
  }
  return 0;
}

void dump(const confparse::Settings& settings) {
  for (const auto& file : settings.files) {
    std::cout << "# configuration file " << file->path << ":\n" << file->text << "\n";
  }
  std::cout.flush();
}

void warn(const std::vector<confparse::Warning>& warnings) {
  for (const confparse::Warning& warning : warnings) {
    app::complain(LogLevel::warn,
                  confparse::explain(warning.position, warning.message, warning.advice));
  }
}

// -t: everything a start would find, without opening or binding anything.  False: it was said.
bool check(const confparse::Loaded& loaded, bool warns) {
  if (const std::string error = app::find_user(loaded.settings->main).error; !error.empty()) {
    app::complain(LogLevel::emerg, error);
    return false;
  }
  const auto silent = std::make_shared<log::ErrorLog>(std::vector<log::ErrorLog::Target>{});
  const proxy::Generation generation(loaded.settings, {.files = nullptr, .log = silent});
  if (warns) {
    warn(generation.warnings());
  }
  return true;
}

int fail_test(const std::string& path) {
  std::fputs(("nginx: configuration file " + path + " test failed\n").c_str(), stderr);
  return 1;
}

// `sluice simulate …`: argv[0] is that word.
int run_simulation(int argc, char** argv) {
  const simulate::ParsedOptions parsed = simulate::parse_options(argc, argv);
  if (!parsed.error.empty()) {
    std::fputs(("nginx: " + parsed.error + "\n").c_str(), stderr);
    return 1;
  }
  const simulate::Options& options = parsed.options;
  if (options.help) {
    std::cout << simulate::help_text();
    return 0;
  }
  app::Options general;
  general.file = options.file;
  general.prefix = options.prefix;
  general.directives = options.directives;
  const confparse::LoadRequest request = load_request(general);
  try {
    const confparse::Loaded loaded = confparse::load(request);
    warn(loaded.warnings);
    std::cout << simulate::simulate(options, loaded.settings->http.upstreams, request.path,
                                    ::isatty(STDERR_FILENO) != 0);
    return 0;
  } catch (const confparse::ConfigError& error) {
    app::complain(LogLevel::emerg,
                  confparse::explain(error.position(), error.what(), error.advice()));
  } catch (const simulate::Error& error) {
    app::complain(LogLevel::emerg, error.what());
  }
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view{argv[1]} == "simulate") {
    return run_simulation(argc - 1, argv + 1);
  }
  const app::ParsedOptions parsed = app::parse_options(argc, argv);
  const app::Options& options = parsed.options;
  if (!parsed.error.empty()) {
    std::fputs(("nginx: " + parsed.error + "\n").c_str(), stderr);
    return 1;
  }
  if (options.help || options.version || options.version_and_build) {
    const std::string text = options.help                ? app::help_text()
                             : options.version_and_build ? app::version_and_build_text()
                                                         : app::version_text();
    std::fputs(text.c_str(), stderr);
    return 0;
  }
  confparse::LoadRequest request = load_request(options);
  if (options.rules) {
    std::cout << "# Directives\n\nPrinted by `sluice --rules` from the rows in `confparse/rules/`; "
                 "a test "
                 "fails when this page is stale.\n\n";
    confparse::print_directives(std::cout, request.strategies);
    return 0;
  }
  const std::string& path = request.path;
  try {
    const confparse::Loaded loaded = confparse::load(request);
    if (!options.signal.empty()) {
      // Its caller learns what is wrong; the log of the other would say it too.
      if (options.signal == "reload" && !check(loaded, /*warns=*/false)) {
        return 1;
      }
      return send_signal(options.signal, loaded.settings->main.pid_path);
    }
    warn(loaded.warnings);  // -q hides what is fine, no more
    if (options.test) {
      if (!check(loaded, /*warns=*/true)) {
        return fail_test(path);
      }
      if (!options.quiet) {
        std::fputs(("nginx: the configuration file " + path + " syntax is ok\n" +
                    "nginx: configuration file " + path + " test is successful\n")
                       .c_str(),
                   stderr);
      }
      if (options.dump) {
        dump(*loaded.settings);
      }
      return 0;
    }
    return app::run(std::move(request), loaded, {argv, argv + argc});
  } catch (const confparse::ConfigError& error) {
    app::complain(LogLevel::emerg,
                  confparse::explain(error.position(), error.what(), error.advice()));
    return options.test ? fail_test(path) : 1;
  }
}
