// SPDX-License-Identifier: MIT
// The http block: where every inherited setting starts.
#include <array>
#include <utility>

#include "confparse/check.h"
#include "confparse/paths.h"
#include "confparse/rules/setters.h"

namespace sluice::confparse {
namespace {

// What nginx sends for these endings when no `types` block says more.
std::shared_ptr<const std::map<std::string, std::string, std::less<>>> default_types() {
  using Types = std::map<std::string, std::string, std::less<>>;
  return std::make_shared<const Types>(
      Types{{"html", "text/html"}, {"gif", "image/gif"}, {"jpg", "image/jpeg"}});
}

LocationSettings default_settings(const Loading& loading) {
  LocationSettings settings;
  settings.core.root = full_path(settings.core.root, loading.request.defaults.prefix);
  settings.core.types = default_types();
  AccessLogSetting log;
  log.path = loading.settings.bare ? "/dev/stdout" : loading.request.defaults.access_log_path;
  settings.log.access_logs.push_back(std::move(log));
  settings.log.error_logs = loading.settings.main.error_logs;
  return settings;
}

void enter_http(Line& line) {
  Loading& loading = line.scope().loading;
  ConnectionSettings connection;
  LocationSettings settings = default_settings(loading);
  Scope scope{loading, kHttp};
  scope.http = &loading.settings.http;
  scope.connection = &connection;
  scope.location = &settings;
  apply_block(line.directive().children, scope);
  loading.settings.http.resolver = settings.resolver;
  check_http(loading);
}

constexpr std::array kRules{
    Rule{"http", kMain, block(0), enter_http, kEnters},
};

}  // namespace

std::span<const Rule> http_rules() {
  return kRules;
}

}  // namespace sluice::confparse
