// SPDX-License-Identifier: MIT
#include "confparse/check.h"

#include <algorithm>
#include <map>
#include <utility>

#include "confparse/address.h"
#include "confparse/suggest.h"
#include "confparse/values.h"

namespace sluice::confparse {
namespace {

void check_log_formats(const Loading& loading) {
  const auto& formats = loading.settings.http.log_formats;
  for (const Text& used : loading.formats_used) {
    if (std::ranges::find(formats, used.value, &LogFormat::name) == formats.end()) {
      std::vector<std::string_view> names;
      for (const LogFormat& format : formats) {
        names.push_back(format.name);
      }
      throw ConfigError(used.position, "unknown log format \"" + used.value + "\"",
                        expected_one_of(used.value, names));
    }
  }
}

// One default server and one set of socket options an address; the options then hold for every
// server that listens there, as there is but one socket.
void check_listens(std::vector<ServerBlock>& servers) {
  std::map<std::string, const Listen*> defaults;
  std::map<std::string, Listen> options;
  for (const ServerBlock& server : servers) {
    for (const Listen& listen : server.listens) {
      if (listen.default_server) {
        const auto [known, added] = defaults.try_emplace(listen.address, &listen);
        if (!added) {
          throw ConfigError(listen.position, "a duplicate default server for " + listen.address,
                            "the first one is in " + where(known->second->position));
        }
      }
      if (listen.socket_options) {
        const auto [known, added] = options.try_emplace(listen.address, listen);
        if (!added) {
          throw ConfigError(listen.position, "duplicate listen options for " + listen.address,
                            "the first one is in " + where(known->second.position));
        }
      }
    }
  }
  for (ServerBlock& server : servers) {
    for (Listen& listen : server.listens) {
      if (const auto found = options.find(listen.address); found != options.end()) {
        listen.backlog = found->second.backlog;
        listen.ipv6only = found->second.ipv6only;
        listen.reuseport = found->second.reuseport;
      }
    }
  }
}

// `.example.com` stands for `example.com` and `*.example.com`.
std::vector<std::string> names_claimed(const std::string& name) {
  return name.starts_with('.') ? std::vector{name.substr(1), "*" + name} : std::vector{name};
}

void warn_of_conflicting_names(Loading& loading) {
  std::map<std::pair<std::string, std::string>, const ServerBlock*> owners;  // by address and name
  for (const ServerBlock& server : loading.settings.http.servers) {
    for (const Listen& listen : server.listens) {
      for (const Text& name : server.names) {
        bool conflict = false;
        for (const std::string& claimed : names_claimed(name.value)) {
          const auto [known, added] = owners.try_emplace({listen.address, claimed}, &server);
          conflict = conflict || (known->second != &server && !name.value.starts_with('~'));
        }
        if (conflict) {
          loading.warnings.push_back(
              {name.position,
               "conflicting server name \"" + name.value + "\" on " + listen.address + ", ignored",
               "an earlier server has it already"});
        }
      }
    }
  }
}

// `proxy_pass http://app:80` where `app` is an upstream: the port would mean nothing.
void check_upstream_port(const Content& content, const HttpSettings& http) {
  if (!content.proxy_pass || has_variables(content.proxy_pass->value)) {
    return;
  }
  const std::string_view url = content.proxy_pass->value;
  const PeerAddress peer = parse_peer(url.substr(url.find("://") + 3), true).address;
  if (!peer.port) {
    return;
  }
  for (const UpstreamSettings& upstream : http.upstreams) {
    if (equal_ignoring_case(upstream.name, peer.host)) {
      throw ConfigError(
          content.proxy_pass->position,
          "upstream \"" + peer.host + "\" may not have port " + std::to_string(*peer.port),
          "the ports stand in the upstream's \"server\" lines");
    }
  }
}

// nginx's rules for what it may hold back of an answer, where the configuration speaks of them.
void check_buffers(const LocationSettings& settings) {
  const TransferSettings& transfer = settings.transfer;
  const std::uint64_t largest = std::max(settings.proxy.buffer_size, transfer.buffer_size);
  const auto check_least = [&](const std::optional<CheckedSize>& size, const std::string& name) {
    if (size && size->bytes < largest) {
      throw ConfigError(size->position,
                        "\"" + name +
                            "\" must be equal to or greater than the maximum of the value "
                            "of \"proxy_buffer_size\" and one of the \"proxy_buffers\"",
                        "that is " + std::to_string(largest) + " bytes here");
    }
  };
  check_least(transfer.busy_buffers_size, "proxy_busy_buffers_size");
  check_least(transfer.temp_file_write_size, "proxy_temp_file_write_size");
  const std::uint64_t most = (transfer.buffers - 1) * transfer.buffer_size;
  if (transfer.busy_buffers_size && transfer.busy_buffers_size->bytes > most) {
    throw ConfigError(transfer.busy_buffers_size->position,
                      "\"proxy_busy_buffers_size\" must be less than the size of all "
                      "\"proxy_buffers\" minus one buffer",
                      "that is " + std::to_string(most) + " bytes here");
  }
  if (transfer.max_temp_file_size != 0 && transfer.max_temp_file_size < largest) {
    throw ConfigError(transfer.max_temp_file_size_position,
                      "\"proxy_max_temp_file_size\" must be equal to zero to disable temporary "
                      "files usage or must be equal to or greater than the maximum of the value "
                      "of \"proxy_buffer_size\" and one of the \"proxy_buffers\"",
                      "that is " + std::to_string(largest) + " bytes here");
  }
}

void check_locations(const std::vector<LocationBlock>& locations, const HttpSettings& http) {
  for (const LocationBlock& location : locations) {
    check_upstream_port(location.content, http);
    check_buffers(location.settings);
    check_locations(location.locations, http);
  }
}

void check_zones(const Loading& loading) {
  for (const Zone& zone : loading.zones) {
    if (zone.size == 0) {
      throw ConfigError(
          zone.name.position, "zero size shared memory zone \"" + zone.name.value + "\"",
          "one of its lines has to give the size, as in \"zone " + zone.name.value + " 64k;\"");
    }
  }
}

}  // namespace

void check_http(Loading& loading) {
  HttpSettings& http = loading.settings.http;
  check_log_formats(loading);
  check_zones(loading);
  check_listens(http.servers);
  warn_of_conflicting_names(loading);
  for (const ServerBlock& server : http.servers) {
    check_buffers(server.settings);
    check_locations(server.locations, http);
  }
}

}  // namespace sluice::confparse
