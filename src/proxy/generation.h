// SPDX-License-Identifier: MIT
// What one configuration became: virtual servers, locations, upstreams.  Immutable but for the
// peers' state, shared by all workers; an exchange keeps the one it began with alive.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "confparse/error.h"
#include "confparse/settings/settings.h"
#include "log/files.h"
#include "proxy/location.h"
#include "proxy/make_proxy_pass.h"
#include "routing/locations.h"
#include "routing/map.h"
#include "routing/server_names.h"
#include "routing/variables.h"

namespace sluice::proxy {

// A virtual server made ready.
struct Server {
  const confparse::ServerBlock* block = nullptr;
  std::string name;  // the first server_name: $server_name
  std::unique_ptr<routing::Locations> locations;
  Location fallback;  // the server's own settings, for requests that match no location
};

// The virtual servers that share one listen address.
struct Site {
  std::vector<const Server*> servers;
  std::size_t default_server = 0;
  std::unique_ptr<routing::ServerNames> names;
  bool heads_differ = false;  // the servers do not read a head by the same rules

  [[nodiscard]] const Server& server_for(std::string_view host, routing::Captures& captures) const {
    return *servers[names->find(host, captures)];
  }
  [[nodiscard]] const Server& first() const { return *servers[default_server]; }
};

// An upstream's server line whose name has no address yet.
struct Unresolved {
  std::shared_ptr<upstream::Upstream> upstream;
  const confparse::UpstreamServer* server;
};

class Generation {
 public:
  struct Surroundings {
    log::Files* files;                         // log files are opened through it; null: open none
    std::shared_ptr<const log::ErrorLog> log;  // of the main context
    const Generation* previous = nullptr;      // upstreams that stay the same are taken over
    bool resolve = true;                       // false: names are not looked up (-t)
  };

  // Throws confparse::ConfigError.
  Generation(std::shared_ptr<const confparse::Settings> settings, const Surroundings& surroundings);

  [[nodiscard]] const confparse::Settings& settings() const { return *settings_; }
  [[nodiscard]] const log::ErrorLog& error_log() const { return *error_log_; }
  // By the listen address as configured; null when this generation does not listen there.
  [[nodiscard]] const Site* site(std::string_view listen_address) const;
  [[nodiscard]] const Location& location(const confparse::LocationBlock& block) const {
    return locations_.at(&block);
  }
  [[nodiscard]] const routing::VariableTable& variables() const { return variables_; }
  // Where temporary files go; each is there now.
  [[nodiscard]] const std::set<std::string>& temp_folders() const { return temp_folders_; }
  // Of http itself: for the names in upstream blocks.
  [[nodiscard]] const net::ResolverOptions& resolver() const { return resolver_; }
  // Does it have the upstream with this id?
  [[nodiscard]] bool has_upstream(std::size_t id) const;
  [[nodiscard]] const std::vector<Unresolved>& unresolved() const { return unresolved_; }
  [[nodiscard]] const std::vector<confparse::Warning>& warnings() const { return warnings_; }

 private:
  using Upstreams = std::map<std::string, std::shared_ptr<upstream::Upstream>, std::less<>>;

  void make_upstreams(const Surroundings& surroundings);
  std::shared_ptr<upstream::Upstream> take_over_or_make(const confparse::UpstreamSettings& settings,
                                                        std::uint16_t default_port,
                                                        const Surroundings& surroundings);
  void name_upstreams();
  [[nodiscard]] bool is_block(std::string_view name) const;
  void make_servers(const Surroundings& surroundings);
  void make_locations(const std::vector<confparse::LocationBlock>& blocks,
                      const Surroundings& surroundings);
  Location make_location(const confparse::LocationSettings& settings,
                         const confparse::Content& content, std::string_view prefix,
                         const Surroundings& surroundings);
  FoundUpstream find_upstream(const PassTarget& target, const confparse::Position& position,
                              const Surroundings& surroundings);
  void check_resolver(const confparse::ResolverSettings& settings,
                      const Surroundings& surroundings);
  void check_log_formats();
  void make_temp_folder(const confparse::Text& path);
  [[nodiscard]] ByteCount make_byte_count(const confparse::Text& text) const;
  std::vector<AccessLog> make_access_logs(const confparse::LogSettings& settings,
                                          const Surroundings& surroundings);
  std::shared_ptr<const log::ErrorLog> make_error_log(const confparse::LogSettings& settings,
                                                      const Surroundings& surroundings);

  std::shared_ptr<const confparse::Settings> settings_;
  std::shared_ptr<const log::ErrorLog> error_log_;
  routing::VariableTable variables_;
  routing::Maps maps_;
  Upstreams upstreams_;  // by name
  NamedUpstreams named_upstreams_;
  net::ResolverOptions resolver_;
  std::vector<std::unique_ptr<Server>> servers_;
  std::map<std::string, Site, std::less<>> sites_;
  std::unordered_map<const confparse::LocationBlock*, Location> locations_;
  std::map<std::string, std::shared_ptr<const routing::Template>, std::less<>> log_lines_;
  std::set<std::string> temp_folders_;
  std::set<std::string> name_servers_;  // that were found
  std::vector<Unresolved> unresolved_;
  std::vector<confparse::Warning> warnings_;
};

// Opens what error_log lines name.  Throws ConfigError.
std::shared_ptr<const log::ErrorLog> open_error_log(
    std::span<const confparse::ErrorLogSetting> lines, log::Files& files);

}  // namespace sluice::proxy
