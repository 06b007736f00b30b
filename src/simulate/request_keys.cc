// SPDX-License-Identifier: MIT
#include "simulate/request_keys.h"

#include <algorithm>
#include <array>

#include "balancers/strategies.h"

namespace sluice::simulate {
namespace {

constexpr std::array<std::string_view, 5> kOfUri{"request_uri", "uri", "document_uri", "args",
                                                 "query_string"};
constexpr std::array<std::string_view, 2> kOfClient{"remote_addr", "binary_remote_addr"};
struct Constant {
  std::string_view name;
  std::string_view value;
};
constexpr std::array<Constant, 6> kConstants{{{"host", "localhost"},
                                              {"http_host", "localhost"},
                                              {"server_name", "localhost"},
                                              {"scheme", "http"},
                                              {"request_method", "GET"},
                                              {"server_port", "80"}}};

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool contains(const auto& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

}  // namespace

RequestKeys::RequestKeys(const confparse::UpstreamSettings& upstream, const Workload& workload)
    : workload_(workload) {
  has_key_ = balancers::find_strategy(upstream.method)->has_key;
  if (upstream.method == "ip_hash") {
    unit_ = Unit::client;
  }
  if (!has_key_) {
    return;
  }
  read_pieces(upstream.method_key.value);
  unit_ = of_uri_ ? of_client_ ? Unit::key : Unit::uri : of_client_ ? Unit::client : Unit::key;
  for (std::uint32_t i = 0; unit_ == Unit::uri && i < workload.uris.size(); ++i) {
    keys_.push_back(expand({0, i}));
  }
  for (std::uint32_t i = 0; unit_ == Unit::client && i < workload.clients.size(); ++i) {
    keys_.push_back(expand({i, 0}));
  }
}

// "$uri-${remote_addr}"; the spelling was checked when it was loaded.
void RequestKeys::read_pieces(std::string_view text) {
  while (!text.empty()) {
    if (text.front() != '$') {
      const auto end = std::min(text.find('$'), text.size());
      pieces_.push_back({false, std::string(text.substr(0, end))});
      text.remove_prefix(end);
      continue;
    }
    const bool in_braces = text.starts_with("${");
    text.remove_prefix(in_braces ? 2 : 1);
    const auto* const end = std::ranges::find_if_not(text, is_name);
    const auto length = static_cast<std::size_t>(end - text.begin());
    pieces_.push_back({true, std::string(text.substr(0, length))});
    text.remove_prefix(std::min(length + (in_braces ? 1 : 0), text.size()));
    note_kind(pieces_.back().text);
  }
}

void RequestKeys::note_kind(const std::string& name) {
  if (contains(kOfUri, name) || name.starts_with("arg_")) {
    of_uri_ = true;
    return;
  }
  const bool is_constant = std::ranges::find(kConstants, name, &Constant::name) != kConstants.end();
  of_client_ = of_client_ || !is_constant;
  if (!is_constant && !contains(kOfClient, name) && !contains(unknown_, name)) {
    unknown_.push_back(name);
  }
}

std::string RequestKeys::value(const std::string& name, const Request& request) const {
  const std::string_view uri = workload_.uris[request.uri];
  const auto mark = std::min(uri.find('?'), uri.size());
  const std::string_view args = uri.substr(std::min(mark + 1, uri.size()));
  if (name == "request_uri") {
    return std::string(uri);
  }
  if (name == "uri" || name == "document_uri") {
    return std::string(uri.substr(0, mark));
  }
  if (name == "args" || name == "query_string") {
    return std::string(args);
  }
  if (name.starts_with("arg_")) {
    const std::string wanted = "&" + name.substr(4) + "=";
    const std::string all = "&" + std::string(args);
    const auto found = all.find(wanted);
    const auto begin = found + wanted.size();
    return found == all.npos
               ? ""
               : all.substr(begin, std::min(all.find('&', begin), all.size()) - begin);
  }
  const auto* const constant = std::ranges::find(kConstants, name, &Constant::name);
  if (constant != kConstants.end()) {
    return std::string(constant->value);
  }
  const Client& client = workload_.clients[request.client];
  return name == "binary_remote_addr" ? client.bytes : client.text;
}

std::string RequestKeys::expand(const Request& request) const {
  std::string key;
  for (const Piece& piece : pieces_) {
    key += piece.is_variable ? value(piece.text, request) : piece.text;
  }
  return key;
}

std::size_t RequestKeys::units() const {
  switch (unit_) {
    case Unit::none:
      return 0;
    case Unit::client:
      return workload_.clients.size();
    case Unit::uri:
      return workload_.uris.size();
    case Unit::key:
      break;
  }
  return both_.size();
}

RequestKeys::Found RequestKeys::find(const Request& request) {
  switch (unit_) {
    case Unit::none:
      return {0, {}};
    case Unit::client:
      return {request.client, key_of(request.client)};
    case Unit::uri:
      return {request.uri, key_of(request.uri)};
    case Unit::key:
      break;
  }
  const auto next = static_cast<std::uint32_t>(both_.size());
  const auto entry = both_.emplace(expand(request), next).first;
  return {entry->second, entry->first};
}

std::string_view RequestKeys::key_of(std::uint32_t unit) const {
  return has_key_ ? std::string_view(keys_[unit]) : std::string_view{};
}

std::string_view RequestKeys::address_of(std::uint32_t unit) const {
  return workload_.clients[unit_ == Unit::client ? unit : 0].bytes;
}

std::string_view name_of(Unit unit) {
  switch (unit) {
    case Unit::none:
      return "";
    case Unit::client:
      return "clients";
    case Unit::uri:
      return "URIs";
    case Unit::key:
      break;
  }
  return "keys";
}

}  // namespace sluice::simulate
