// SPDX-License-Identifier: MIT
// From a configuration file to Settings: parse, inherit, apply, cross-check.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "confparse/error.h"
#include "confparse/settings/settings.h"

namespace sluice::confparse {

// Where things are when the configuration does not say.  All absolute.
struct Defaults {
  std::string prefix = "/usr/share/nginx/";  // -p; relative paths of root, logs, pid start here
  std::string pid_path = "/run/nginx.pid";
  std::string error_log_path = "/var/log/nginx/error.log";  // -e
  std::string bare_error_log_path = "stderr";  // the same for a file with http-level blocks only
  std::string access_log_path = "/var/log/nginx/access.log";
  bool privileged = true;  // root: a server without `listen` gets port 80, else 8000
};

// A balancing strategy as a directive of `upstream {}`.  main() makes these from the rows of
// balancers/strategies.h, for confparse may not know that folder.
struct StrategyRow {
  std::string directive;  // "ip_hash"; "" (round robin) has no directive and is skipped
  std::size_t least_words = 0;
  std::size_t most_words = 0;
  bool takes_backup = true;  // and `slow_start`
  bool has_key = false;      // the first word is a text with variables
  // What is wrong with the words, in nginx's wording, or an empty string.  May be null.
  std::function<std::string(std::span<const std::string>)> complaint;
  // How much the servers may weigh together; 0: no limit.  May be null.
  std::function<std::uint64_t(std::span<const std::string>)> most_weight = nullptr;
};

struct LoadRequest {
  std::string path;               // -c, absolute or relative to the prefix
  std::string global_directives;  // -g, read before the file in the main context, as in nginx
  Defaults defaults;
  std::vector<StrategyRow> strategies;
  // When set: the only files there are, text by absolute path, and no disk is touched.
  const std::map<std::string, std::string>* files = nullptr;
};

struct Loaded {
  std::shared_ptr<const Settings> settings;
  std::vector<Warning> warnings;
};

// Reads files, nothing else: opens no log, resolves no name, binds no port.  Throws ConfigError.
Loaded load(const LoadRequest& request);

}  // namespace sluice::confparse
