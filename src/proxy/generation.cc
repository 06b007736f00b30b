// SPDX-License-Identifier: MIT
#include "proxy/generation.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "confparse/values.h"
#include "proxy/make_real_ip.h"
#include "proxy/make_resolver.h"
#include "proxy/make_upstream.h"

namespace sluice::proxy {

using confparse::ConfigError;

namespace {

// What nginx asks the named server for; all else about a head is the default server's.
bool reads_heads_alike(const confparse::ConnectionSettings& left,
                       const confparse::ConnectionSettings& right) {
  return left.large_header_buffers == right.large_header_buffers &&
         left.large_header_buffer_size == right.large_header_buffer_size &&
         left.max_headers == right.max_headers &&
         left.ignore_invalid_headers == right.ignore_invalid_headers &&
         left.underscores_in_headers == right.underscores_in_headers;
}

}  // namespace

Generation::Generation(std::shared_ptr<const confparse::Settings> settings,
                       const Surroundings& surroundings)
    : settings_(std::move(settings)),
      error_log_(surroundings.log),
      maps_(settings_->http.maps, variables_) {
  check_resolver(settings_->http.resolver, surroundings);
  resolver_ = resolver_options(settings_->http.resolver, surroundings.resolve);
  make_upstreams(surroundings);
  make_servers(surroundings);
  name_upstreams();
  check_log_formats();
}

const Site* Generation::site(std::string_view listen_address) const {
  const auto found = sites_.find(listen_address);
  return found == sites_.end() ? nullptr : &found->second;
}

void Generation::make_upstreams(const Surroundings& surroundings) {
  for (const confparse::UpstreamSettings& settings : settings_->http.upstreams) {
    upstreams_.emplace(settings.name, take_over_or_make(settings, 80, surroundings));
  }
}

// For the targets that only a request tells.  Last, for the keys may use any variable there is.
void Generation::name_upstreams() {
  for (const auto& [name, upstream] : upstreams_) {
    std::string key = name;
    if (!is_block(name)) {
      const auto parts = split_host_port(name);
      if (!parts || name.starts_with("unix:")) {
        continue;
      }
      key = parts->host + ":" + std::to_string(parts->port.value_or(80));
    }
    NamedUpstream& named = named_upstreams_[key];
    named.upstream = upstream;
    const confparse::UpstreamSettings& group = upstream->settings();
    if (!group.method_key.value.empty()) {
      named.key = routing::Template(group.method_key, variables_);
    }
    named.sticky = make_sticky(*upstream, variables_);
  }
}

bool Generation::has_upstream(std::size_t id) const {
  return std::ranges::any_of(upstreams_,
                             [&](const auto& entry) { return entry.second->id() == id; });
}

bool Generation::is_block(std::string_view name) const {
  return std::ranges::any_of(
      settings_->http.upstreams,
      [&](const confparse::UpstreamSettings& configured) { return configured.name == name; });
}

std::shared_ptr<upstream::Upstream> Generation::take_over_or_make(
    const confparse::UpstreamSettings& settings, std::uint16_t default_port,
    const Surroundings& surroundings) {
  MadeUpstream made = proxy::make_upstream(settings, default_port, surroundings.resolve);
  std::ranges::move(made.warnings, std::back_inserter(warnings_));
  if (surroundings.previous != nullptr) {
    const auto known = surroundings.previous->upstreams_.find(settings.name);
    if (known != surroundings.previous->upstreams_.end() &&
        is_same_upstream(known->second->settings(), settings) &&
        (!made.unresolved.empty() || known->second->has_peers_of(*made.upstream))) {
      made.upstream = known->second;  // all of it: health, counters, connections
    } else if (known != surroundings.previous->upstreams_.end()) {
      made.upstream->inherit(*known->second);
    }
  }
  for (const std::size_t index : made.unresolved) {
    unresolved_.push_back({made.upstream, &made.upstream->settings().servers[index]});
  }
  return made.upstream;
}

void Generation::make_servers(const Surroundings& surroundings) {
  // Regexes come first: their named groups are variables that any text may use.
  for (const confparse::ServerBlock& block : settings_->http.servers) {
    auto server = std::make_unique<Server>();
    server->block = &block;
    server->name = block.names.empty() ? "" : block.names.front().value;
    if (server->name.starts_with('.')) {
      server->name.erase(0, 1);  // ".example.com" is both, the host and what is below it
    }
    server->locations = std::make_unique<routing::Locations>(block.locations, variables_);
    for (const confparse::Listen& listen : block.listens) {
      Site& site = sites_[listen.address];
      if (listen.default_server) {
        site.default_server = site.servers.size();
      }
      site.servers.push_back(server.get());
    }
    servers_.push_back(std::move(server));
  }
  for (auto& [address, site] : sites_) {
    std::vector<const confparse::ServerBlock*> blocks;
    for (const Server* server : site.servers) {
      blocks.push_back(server->block);
    }
    site.names = std::make_unique<routing::ServerNames>(blocks, site.default_server, variables_);
    const confparse::ConnectionSettings& first = site.first().block->connection;
    site.heads_differ = std::ranges::any_of(blocks, [&](const confparse::ServerBlock* block) {
      return !reads_heads_alike(block->connection, first);
    });
  }
  maps_.compile(variables_);
  for (const std::unique_ptr<Server>& server : servers_) {
    server->fallback =
        make_location(server->block->settings, server->block->content, {}, surroundings);
    make_locations(server->block->locations, surroundings);
  }
}

void Generation::make_locations(const std::vector<confparse::LocationBlock>& blocks,
                                const Surroundings& surroundings) {
  for (const confparse::LocationBlock& block : blocks) {
    const bool has_prefix = block.kind == confparse::MatchKind::exact ||
                            block.kind == confparse::MatchKind::prefix ||
                            block.kind == confparse::MatchKind::prefix_final;
    locations_.emplace(
        &block, make_location(block.settings, block.content,
                              has_prefix ? block.pattern.value : std::string{}, surroundings));
    make_locations(block.locations, surroundings);
  }
}

Location Generation::make_location(const confparse::LocationSettings& settings,
                                   const confparse::Content& content, std::string_view prefix,
                                   const Surroundings& surroundings) {
  Location location;
  location.settings = &settings;
  if (content.fixed) {
    location.fixed = FixedAnswer{content.fixed->status, std::nullopt};
    if (content.fixed->text) {
      location.fixed->text.emplace(*content.fixed->text, variables_);
    }
  }
  for (std::size_t i = 0; i < content.try_files.size(); ++i) {
    confparse::Text text = content.try_files[i];
    const bool is_last = i + 1 == content.try_files.size();  // a URI, not a file
    const bool is_folder = !is_last && text.value.ends_with('/');
    if (is_folder) {
      text.value.pop_back();
    }
    location.try_files.push_back({routing::Template{text, variables_}, is_folder});
  }
  if (content.proxy_pass) {
    const PassMaking making{variables_, named_upstreams_, settings.resolver, surroundings.resolve,
                            [&](const PassTarget& target, const confparse::Position& position) {
                              return find_upstream(target, position, surroundings);
                            }};
    location.proxy = make_proxy_pass(*content.proxy_pass, settings.proxy, prefix, making);
  }
  check_resolver(settings.resolver, surroundings);
  location.added = AddedHeaders(settings.headers, variables_);
  location.real_ip = make_real_ip(settings.real_ip, surroundings.resolve);
  for (const confparse::Text& condition : settings.proxy.early_hints) {
    location.early_hints.emplace_back(condition, variables_);
  }
  if (surroundings.files != nullptr) {
    make_temp_folder(settings.transfer.temp_path);
    make_temp_folder(settings.transfer.client_body_temp_path);
  }
  location.limit_rate = make_byte_count(settings.transfer.limit_rate);
  location.limit_rate_after = make_byte_count(settings.transfer.limit_rate_after);
  location.proxy_limit_rate = make_byte_count(settings.transfer.proxy_limit_rate);
  location.access_logs = make_access_logs(settings.log, surroundings);
  location.error_log = make_error_log(settings.log, surroundings);
  return location;
}

FoundUpstream Generation::find_upstream(const PassTarget& target,
                                        const confparse::Position& position,
                                        const Surroundings& surroundings) {
  if (const auto known = upstreams_.find(target.address); known != upstreams_.end()) {
    return {known->second, is_block(target.address)};
  }
  confparse::UpstreamSettings implied;
  implied.name = target.address;
  implied.position = position;
  implied.servers.emplace_back();
  implied.servers.back().address = target.address;
  implied.servers.back().position = position;
  auto made = take_over_or_make(implied, target.default_port, surroundings);
  upstreams_.emplace(target.address, made);
  return {std::move(made), false};
}

// Its name servers must have addresses although nobody may ever ask them.
void Generation::check_resolver(const confparse::ResolverSettings& settings,
                                const Surroundings& surroundings) {
  bool is_new = false;
  for (const confparse::Text& server : settings.servers) {
    is_new = name_servers_.insert(server.value).second || is_new;
  }
  if (is_new) {
    static_cast<void>(resolver_options(settings, surroundings.resolve));
  }
}

// Those that no access_log uses are read as well.
void Generation::check_log_formats() {
  for (const confparse::LogFormat& format : settings_->http.log_formats) {
    if (!log_lines_.contains(format.name)) {
      static_cast<void>(routing::Template(format.text, variables_));
    }
  }
}

// As in nginx: the last folder of the path is made when it is missing, for the owner alone.
void Generation::make_temp_folder(const confparse::Text& path) {
  if (!temp_folders_.insert(path.value).second) {
    return;
  }
  if (::mkdir(path.value.c_str(), 0700) != 0 && errno != EEXIST) {
    const std::error_code error{errno, std::system_category()};
    throw ConfigError(path.position, "mkdir() \"" + path.value + "\" failed (" +
                                         std::to_string(error.value()) + ": " + error.message() +
                                         ")");
  }
}

ByteCount Generation::make_byte_count(const confparse::Text& text) const {
  if (confparse::has_variables(text.value)) {
    return {0, routing::Template(text, variables_)};
  }
  return {confparse::parse_size(text.value).value_or(0), std::nullopt};
}

std::vector<AccessLog> Generation::make_access_logs(const confparse::LogSettings& settings,
                                                    const Surroundings& surroundings) {
  std::vector<AccessLog> logs;
  for (const confparse::AccessLogSetting& line : settings.access_logs) {
    const auto format =
        std::ranges::find(settings_->http.log_formats, line.format, &confparse::LogFormat::name);
    std::shared_ptr<const routing::Template>& text = log_lines_[line.format];
    if (!text) {
      text = std::make_shared<routing::Template>(format->text, variables_);
    }
    if (surroundings.files == nullptr) {
      continue;
    }
    std::error_code error;
    std::shared_ptr<log::File> file = surroundings.files->open(line.path, error);
    if (!file) {
      throw ConfigError(line.position, "open() \"" + line.path + "\" failed (" +
                                           std::to_string(error.value()) + ": " + error.message() +
                                           ")");
    }
    logs.push_back({std::move(file), text, format->escape, {line.buffer, line.flush}, {}});
    if (line.condition) {
      logs.back().condition.emplace(*line.condition, variables_);
    }
  }
  return logs;
}

std::shared_ptr<const log::ErrorLog> Generation::make_error_log(
    const confparse::LogSettings& settings, const Surroundings& surroundings) {
  if (settings.error_logs.empty() || surroundings.files == nullptr) {
    return error_log_;
  }
  return open_error_log(settings.error_logs, *surroundings.files);
}

std::shared_ptr<const log::ErrorLog> open_error_log(
    std::span<const confparse::ErrorLogSetting> lines, log::Files& files) {
  std::vector<log::ErrorLog::Target> targets;
  for (const confparse::ErrorLogSetting& line : lines) {
    std::error_code error;
    std::shared_ptr<log::File> file = files.open(line.path, error);
    if (!file) {
      throw ConfigError(line.position, "open() \"" + line.path + "\" failed (" +
                                           std::to_string(error.value()) + ": " + error.message() +
                                           ")");
    }
    targets.push_back({std::move(file), line.level});
  }
  return std::make_shared<log::ErrorLog>(std::move(targets));
}

}  // namespace sluice::proxy
