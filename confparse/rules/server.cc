// SPDX-License-Identifier: MIT
// The server block: what it is called and how its connections begin.  `listen` is in listen.cc.
#include <unistd.h>

#include <algorithm>
#include <array>

#include "confparse/rules/listen.h"
#include "confparse/rules/setters.h"
#include "confparse/values.h"

namespace sluice::confparse {
namespace {

void enter_server(Line& line) {
  const Scope& outer = line.scope();
  ServerBlock server;
  server.position = line.position();
  server.connection = *outer.connection;
  server.settings = outer.location->inside();

  Scope scope{outer.loading, kServer};
  scope.http = outer.http;
  scope.connection = &server.connection;
  scope.server = &server;
  scope.location = &server.settings;
  scope.content = &server.content;
  scope.locations = &server.locations;
  apply_block(line.directive().children, scope);

  if (server.listens.empty()) {
    server.listens.push_back(default_listen(outer.loading.request.defaults, line.position()));
  }
  if (server.names.empty()) {
    server.names.push_back({"", line.position()});
  }
  outer.http->servers.push_back(std::move(server));
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

void add_server_name(Line& line, std::size_t i) {
  Text name = line.text(i);
  const std::string& word = name.value;
  const bool bad_star = word.starts_with('*') && (word.size() < 3 || word[1] != '.');
  if (bad_star || word == ".") {
    line.fail_at(i, "server name \"" + word + "\" is invalid",
                 "a wildcard is a whole label: \"*.example.com\"");
  }
  if (word == "~") {
    line.fail_at(i, "empty regex in server name \"~\"");
  }
  if (!word.starts_with('~')) {
    if (word.find('/') != std::string::npos) {
      line.warn(name.position, "server name \"" + word + "\" has suspicious symbols",
                "expected a host name without a path");
    }
    if (word == "$hostname") {
      name.value = host_name();
    }
    std::ranges::transform(name.value, name.value.begin(), lower_case);
  }
  line.scope().server->names.push_back(std::move(name));
}

void set_server_name(Line& line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    add_server_name(line, i);
  }
}

void set_large_client_header_buffers(Line& line) {
  auto& connection = line.part<ConnectionSettings>();
  const auto number = parse_number(line.word(0));
  const auto size = parse_size(line.word(1));
  if (!number || *number == 0) {
    line.invalid_value(0, "expected how many buffers, as in \"4 8k\"");
  }
  if (!size || *size == 0) {
    line.invalid_value(1, "expected the size of a buffer, as in \"4 8k\"");
  }
  constexpr std::uint64_t kSmallest = 512;  // nginx's connection_pool_size
  if (*size < kSmallest) {
    line.fail_at(1,
                 "the \"large_client_header_buffers\" size must be equal to or greater than "
                 "\"connection_pool_size\"",
                 "at least " + std::to_string(kSmallest) + " bytes");
  }
  connection.large_header_buffers = clamped<std::uint32_t>(*number);
  connection.large_header_buffer_size = *size;
}

constexpr Contexts kOuter = kHttp | kServer;

constexpr std::array kRules{
    Rule{"server", kHttp, block(0), enter_server, kRepeats | kEnters},
    Rule{"server_name", kServer, takes(1, kAnyNumber), set_server_name, kRepeats, "\"\""},
    Rule{"listen", kServer, takes(1, kAnyNumber), set_listen, kRepeats, "*:80, or *:8000"},
    Rule{"client_header_timeout", kOuter, takes(1),
         duration<&ConnectionSettings::client_header_timeout>},
    Rule{"client_header_buffer_size", kOuter, takes(1),
         size<&ConnectionSettings::client_header_buffer_size>},
    Rule{"large_client_header_buffers", kOuter, takes(2), set_large_client_header_buffers, 0,
         "4 8k"},
    Rule{"max_headers", kOuter, takes(1), number<&ConnectionSettings::max_headers>},
    Rule{"merge_slashes", kOuter, takes(1), flag<&ConnectionSettings::merge_slashes>},
    Rule{"ignore_invalid_headers", kOuter, takes(1),
         flag<&ConnectionSettings::ignore_invalid_headers>},
    Rule{"underscores_in_headers", kOuter, takes(1),
         flag<&ConnectionSettings::underscores_in_headers>},
};

}  // namespace

std::span<const Rule> server_rules() {
  return kRules;
}

}  // namespace sluice::confparse
