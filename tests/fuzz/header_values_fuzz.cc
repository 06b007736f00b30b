// SPDX-License-Identifier: MIT
// Any bytes as the value of a header, or as an address, for each parser of ours that reads such a
// value by itself.  The first byte of the input says which.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "confparse/address.h"
#include "http/date.h"
#include "http/essentials.h"
#include "net/address.h"
#include "proxy/cookie_rules.h"
#include "routing/log_escape.h"
#include "routing/template.h"
#include "tests/fuzz/require.h"
#include "tests/support/cut_everywhere.h"

namespace {

using namespace sluice;
using tests::require;

// What a text with variables becomes for a request with this one header.
std::string expand(const char* text, std::string_view name, std::string_view value) {
  const routing::VariableTable variables;
  const routing::Template compiled({text, {}}, variables);
  http::RequestHead head;
  head.headers.add(name, value, http::header_id(name));
  routing::Facts facts;
  facts.request = &head;
  std::string out;
  compiled.append_to(out, facts);
  return out;
}

void judge_cookie(std::string_view value) {
  const std::string found = expand("$cookie_id", "Cookie", value);
  require(found.find(';') == std::string::npos);
  require(value.find(found) != std::string_view::npos);
  require(expand("$http_cookie", "Cookie", value) == value);
}

void judge_user(std::string_view value) {
  const std::string user = expand("$remote_user", "Authorization", value);
  require(user.size() <= value.size() && user.find(':') == std::string::npos);
}

proxy::CookieRules cookie_rules() {
  using Match = confparse::ValueRewrite::Match;
  routing::VariableTable variables;
  proxy::CookieRules rules;
  rules.domains.emplace_back(
      confparse::ValueRewrite{Match::text, {"localhost", {}}, {"example.org", {}}},
      proxy::Rewrite::Compare::domain, variables);
  rules.paths.emplace_back(confparse::ValueRewrite{Match::text, {"/two/", {}}, {"/one/", {}}},
                           proxy::Rewrite::Compare::prefix, variables);
  rules.flags.emplace_back(
      confparse::CookieFlagRule{
          false, {"id", {}}, {{"secure", {}}, {"nohttponly", {}}, {"samesite=strict", {}}}},
      variables);
  return rules;
}

// Whatever becomes of a cookie stays as it is from then on, and no line ends inside of it.
void judge_set_cookie(std::string_view value) {
  static const proxy::CookieRules rules = cookie_rules();
  const routing::Facts facts;
  std::string once;
  proxy::append_cookie(once, value, rules, facts);
  std::string twice;
  proxy::append_cookie(twice, once, rules, facts);
  require(once == twice);
  require(std::ranges::count(once, '\n') <= std::ranges::count(value, '\n'));
  std::string unruled;
  proxy::append_cookie(unruled, value, {}, facts);
  require(unruled == value);
}

void judge_address(std::string_view text) {
  const auto address = net::Address::parse(text);
  if (!address) return;
  const auto again = net::Address::parse(address->text());
  require(again && *again == *address && again->text() == address->text());
}

// What the configuration lets pass, the network can use.
void judge_configured_address(std::string_view text) {
  const confparse::ParsedListen listen = confparse::parse_listen(text);
  if (listen.complaint.empty()) {
    require(!listen.addresses.empty());
    require(net::Address::parse(listen.addresses.front()).has_value());
    require(net::Address::parse(listen.addresses.back()).has_value());
  }
  for (const bool uri_allowed : {false, true}) {
    const auto [peer, complaint] = confparse::parse_peer(text, uri_allowed);
    if (!complaint.empty()) continue;
    require(!peer.host.empty() && peer.port != 0);
    require(uri_allowed || peer.uri.empty());
    require(peer.host.size() + peer.uri.size() <= text.size());
  }
}

void judge_date(std::string_view text) {
  const std::time_t time = http::parse_http_date(text);
  if (time == -1) return;
  require(http::parse_http_date(http::format_http_date(time)) == time);
}

void judge_framing(std::string_view value) {
  if (const auto length = http::content_length(value)) {
    const std::string_view digits =
        value.substr(std::min(value.find_first_not_of('0'), value.size() - 1));
    require(std::to_string(*length) == digits);
  }
  http::Headers headers;
  headers.add("Connection", value, http::HeaderId::connection);
  headers.add("Content-Length", value, http::HeaderId::content_length);
  headers.add("Transfer-Encoding", value, http::HeaderId::transfer_encoding);
  const http::Essentials found = http::essentials_of(headers);
  require(!found.says_close || !found.allows_keep_alive(1));
  require((http::transfer_coding(value) == http::Coding::chunked) ==
          http::same_token(value, "chunked"));
}

void judge_escaping(std::string_view value) {
  std::string log;
  routing::append_log_escaped(log, value);
  std::string json;
  routing::append_log_escaped(json, value, routing::LogEscape::json);
  for (const char byte : log) require(byte >= 0x20 && byte < 0x7f && byte != '"');
  for (const char byte : json) require(static_cast<unsigned char>(byte) >= 0x20);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const tests::ExactCopy copy{{reinterpret_cast<const char*>(bytes) + 1, size - 1}};
  switch (const std::string_view value = copy.view(); bytes[0]) {
    case 'a':
      judge_address(value);
      break;
    case 'c':
      judge_cookie(value);
      break;
    case 'd':
      judge_date(value);
      break;
    case 'e':
      judge_escaping(value);
      break;
    case 'f':
      judge_framing(value);
      break;
    case 'l':
      judge_configured_address(value);
      break;
    case 's':
      judge_set_cookie(value);
      break;
    case 'u':
      judge_user(value);
      break;
    default:
      return -1;  // keep it out of the corpus
  }
  return 0;
}
