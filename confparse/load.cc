// SPDX-License-Identifier: MIT
#include "confparse/load.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "confparse/paths.h"
#include "confparse/reader.h"
#include "confparse/rules/strategy.h"
#include "confparse/scope.h"

namespace sluice::confparse {
namespace {

bool has(const std::vector<Directive>& tree, std::string_view name) {
  return std::ranges::any_of(tree, [&](const Directive& line) { return line.name.text == name; });
}

// A tornado.conf: something that belongs into `http { }`, and nothing that belongs around it.
bool is_bare(const std::vector<Directive>& tree, const RuleBook& rules) {
  bool found = false;
  for (const Directive& line : tree) {
    const Contexts contexts = rules.contexts_of(line.name.text);
    if ((contexts & kMain) != 0 && (contexts & kHttp) == 0) {
      return false;
    }
    found = found || ((contexts & kHttp) != 0 && (contexts & kMain) == 0);
  }
  return found;
}

Directive built_in_block(std::string name, std::vector<Directive> children) {
  Directive block;
  block.name.text = std::move(name);
  block.has_block = true;
  block.children = std::move(children);
  return block;
}

void put_into_http(std::vector<Directive>& tree) {
  std::vector<Directive> children = std::exchange(tree, {});
  tree.push_back(built_in_block("http", std::move(children)));
}

void set_defaults(Settings& settings, const Defaults& defaults) {
  settings.main.pid_path = defaults.pid_path;
  settings.http.log_formats.push_back(
      {"combined",
       {"$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent "
        "\"$http_referer\" \"$http_user_agent\"",
        {}}});
  if (settings.bare) {
    // Somebody tries a site's file: everything in sight, and Ctrl-C ends it.
    settings.main.daemon = false;
    settings.main.worker_processes = 0;
    settings.events.worker_connections = std::numeric_limits<std::uint32_t>::max();
    settings.main.error_logs.push_back({defaults.bare_error_log_path, LogLevel::notice, {}});
  }
}

// The file's directives behind those of -g, a bare file in its `http { }`.
std::vector<Directive> read_tree(const LoadRequest& request, const RuleBook& rules,
                                 Settings& settings) {
  Reader reader(request.files);
  const std::string path = full_path(request.path, request.defaults.prefix);
  std::vector<Directive> tree = reader.read_text(request.global_directives, folder_of(path));
  std::vector<Directive> from_file = reader.read(path);
  settings.files = reader.files();
  settings.bare = is_bare(from_file, rules);
  if (settings.bare) {
    put_into_http(from_file);
    if (!has(tree, "events")) {
      from_file.push_back(built_in_block("events", {}));
    }
  }
  std::ranges::move(from_file, std::back_inserter(tree));
  return tree;
}

}  // namespace

Loaded load(const LoadRequest& request) {
  const RuleBook rules(strategy_rules(request.strategies));
  const auto settings = std::make_shared<Settings>();
  const std::vector<Directive> tree = read_tree(request, rules, *settings);
  set_defaults(*settings, request.defaults);

  Loading loading{request, rules, *settings};
  Scope scope{loading, kMain};
  apply_block(tree, scope);
  if (!has(tree, "events")) {
    throw ConfigError({}, "no \"events\" section in configuration",
                      "an empty one is enough: \"events { }\"");
  }
  if (settings->main.error_logs.empty()) {
    settings->main.error_logs.push_back({request.defaults.error_log_path, LogLevel::error, {}});
  }
  return {settings, std::move(loading.warnings)};
}

}  // namespace sluice::confparse
