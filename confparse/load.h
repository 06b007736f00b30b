// SPDX-License-Identifier: MIT
// From a configuration file to Settings: parse, inherit, apply, cross-check.
#pragma once

#include <functional>
#include <memory>
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
  std::string access_log_path = "/var/log/nginx/access.log";
  bool privileged = true;  // root: a server without `listen` gets port 80, else 8000
};

struct LoadRequest {
  std::string path;               // -c, absolute or relative to the prefix
  std::string global_directives;  // -g, read after the file in the main context
  Defaults defaults;
};

struct Loaded {
  std::shared_ptr<const Settings> settings;
  std::vector<Warning> warnings;
};

// Reads files, nothing else: opens no log, resolves no name, binds no port.  Throws ConfigError.
Loaded load(const LoadRequest& request);

}  // namespace sluice::confparse
