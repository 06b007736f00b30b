// SPDX-License-Identifier: MIT
#include "proxy/generation.h"

#include <algorithm>

#include "proxy/make_upstream.h"
#include "proxy/proxy_pass.h"

namespace sluice::proxy {

using confparse::ConfigError;

Generation::Generation(std::shared_ptr<const confparse::Settings> settings,
                       const Surroundings& surroundings)
    : settings_(std::move(settings)), error_log_(surroundings.log) {
  make_upstreams(surroundings);
  make_servers(surroundings);
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
      made.upstream = known->second;  // peers that stay keep their health, counters, connections
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
  }
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
  for (const confparse::Text& candidate : content.try_files) {
    location.try_files.emplace_back(candidate, variables_);
  }
  if (content.proxy_pass) {
    location.proxy = make_proxy_pass(*content.proxy_pass, settings.proxy, prefix, surroundings);
  }
  location.access_logs = make_access_logs(settings.log, surroundings);
  location.error_log = make_error_log(settings.log, surroundings);
  return location;
}

ProxyPass Generation::make_proxy_pass(const confparse::Text& target,
                                      const confparse::ProxySettings& settings,
                                      std::string_view prefix, const Surroundings& surroundings) {
  if (target.value.find('$') != std::string::npos) {
    throw ConfigError(target.position,
                      "variables in \"proxy_pass\" are not supported by sluice yet",
                      "name an upstream or an address");
  }
  const PassTarget parts = parse_pass_target(target);
  ProxyPass pass;
  pass.host = parts.host;
  pass.port = parts.port;
  pass.uri = parts.uri;
  pass.prefix = prefix;

  if (const auto known = upstreams_.find(parts.address); known != upstreams_.end()) {
    pass.upstream = known->second;
    const bool is_configured = std::ranges::any_of(
        settings_->http.upstreams, [&](const confparse::UpstreamSettings& configured) {
          return configured.name == parts.address;
        });
    if (is_configured) {
      pass.port.clear();
    }
  } else {
    confparse::UpstreamSettings implied;
    implied.name = parts.address;
    implied.position = target.position;
    implied.servers.emplace_back();
    implied.servers.back().address = parts.address;
    implied.servers.back().position = target.position;
    pass.upstream = take_over_or_make(implied, parts.default_port, surroundings);
    upstreams_.emplace(parts.address, pass.upstream);
  }
  const confparse::UpstreamSettings& group = pass.upstream->settings();
  if (!group.method_key.value.empty()) {
    pass.key = routing::Template(group.method_key, variables_);
  }

  const auto add = [&](const std::string& name, const confparse::Text& value) {
    pass.headers.push_back({name, http::header_id(name), routing::Template(value, variables_)});
  };
  for (const confparse::ProxyHeader& header : settings.set_headers) {
    add(header.name, header.value);
  }
  // Unless configured, as nginx: Host, and for HTTP/1.0 that the connection ends.
  const auto is_set = [&](http::HeaderId id) {
    return std::ranges::any_of(pass.headers,
                               [&](const PeerHeader& header) { return header.id == id; });
  };
  if (!is_set(http::HeaderId::host)) {
    add("Host", {pass.host, target.position});
  }
  if (!is_set(http::HeaderId::connection) && settings.http_minor == 0) {
    add("Connection", {"close", target.position});
  }
  return pass;
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
    logs.push_back({std::move(file), text, format->escape});
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
