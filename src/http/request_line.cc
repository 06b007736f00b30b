// SPDX-License-Identifier: MIT
#include "http/request_line.h"

#include <algorithm>

#include "http/characters.h"

namespace sluice::http {

namespace {

constexpr Refusal kFine{0, ""};
constexpr Refusal kBadMethod{400, "client sent invalid method"};
constexpr Refusal kBadRequest{400, "client sent invalid request"};
constexpr Refusal kBadVersion{505, "client sent invalid version"};

constexpr auto kNone = std::string_view::npos;

bool is_method(char byte) {
  return (byte >= 'A' && byte <= 'Z') || byte == '_' || byte == '-';
}

Method method_of(std::string_view name) {
  struct Row {
    std::string_view name;
    Method method;
  };
  static constexpr Row kRows[] = {
      {"GET", Method::get},           {"POST", Method::post},
      {"HEAD", Method::head},         {"PUT", Method::put},
      {"DELETE", Method::delete_},    {"OPTIONS", Method::options},
      {"PATCH", Method::patch},       {"CONNECT", Method::connect},
      {"TRACE", Method::trace},       {"MKCOL", Method::mkcol},
      {"COPY", Method::copy},         {"MOVE", Method::move},
      {"LOCK", Method::lock},         {"UNLOCK", Method::unlock},
      {"PROPFIND", Method::propfind}, {"PROPPATCH", Method::proppatch},
  };
  for (const Row& row : kRows) {
    if (row.name == name) return row.method;
  }
  return Method::other;
}

// "HTTP/1.1".  2.0 and later are 505; 1.2 to 1.9 pass, as in nginx.
Refusal read_version(std::string_view text, std::uint8_t& minor) {
  constexpr std::string_view kName = "HTTP/";
  if (!text.starts_with(kName)) return kBadRequest;
  text.remove_prefix(kName.size());
  if (text.empty() || !is_digit(text[0]) || text[0] == '0') return kBadRequest;
  if (text[0] > '1' || (text.size() > 1 && is_digit(text[1]))) return kBadVersion;
  if (text.size() != 3 || text[1] != '.' || !is_digit(text[2])) return kBadRequest;
  minor = text[2] == '0' ? 0 : 1;
  return kFine;
}

// Where a host that begins `text` ends.  nginx takes letters, digits, dots and hyphens here, or an
// address in brackets.
std::size_t end_of_host(std::string_view text) {
  const auto is_name = [](char byte) { return is_alnum(byte) || byte == '.' || byte == '-'; };
  if (!text.starts_with('[')) {
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_name) -
                                    text.begin());
  }
  const auto close = text.find(']');
  if (close == kNone) return 0;
  const auto inside = text.substr(1, close - 1);
  const bool is_sane = std::all_of(inside.begin(), inside.end(), [&](char byte) {
    return is_name(byte) || std::string_view{":_~!$&'()*+,;="}.find(byte) != kNone;
  });
  return is_sane ? close + 1 : 0;
}

// "http://host:80/path?args" at `target`.  Without a path, the target is "?args" or a lone "/",
// which is the second of "://", as in nginx.
bool read_absolute(std::string_view line, Range target, RequestLine& to) {
  const std::string_view text = target.of(line);
  const auto colon = text.find(':');
  if (colon == kNone || !text.substr(colon).starts_with("://")) return false;
  const auto scheme = text.substr(0, colon);
  const bool is_scheme = std::all_of(scheme.begin(), scheme.end(), [](char byte) {
    return is_alnum(byte) || byte == '+' || byte == '-' || byte == '.';
  });
  if (!is_scheme) return false;

  const std::size_t host = colon + 3;
  std::size_t end = host + end_of_host(text.substr(host));
  if (end == host) return false;
  if (end < text.size() && text[end] == ':') {
    do ++end;
    while (end < text.size() && is_digit(text[end]));
  }
  to.authority = {target.begin + host, target.begin + end};
  to.target = {target.begin + end, target.end};
  if (to.target.empty()) to.target = {target.begin + colon + 2, target.begin + colon + 3};
  const char first = line[to.target.begin];
  return first == '/' || first == '?';
}

bool read_target(std::string_view line, Range target, RequestLine& to) {
  to.target = target;
  if (target.empty()) return false;
  const char first = line[target.begin];
  // Refused later, with 405, whatever it wants to be connected to.
  if (first == '/' || to.method == Method::connect) return true;
  return is_letter(first) && read_absolute(line, target, to);
}

}  // namespace

Refusal read_request_line(std::string_view line, RequestLine& to) {
  const auto first_blank = line.find(' ');
  const std::string_view method = line.substr(0, first_blank);
  if (method.empty() || !std::all_of(method.begin(), method.end(), is_method)) return kBadMethod;
  if (first_blank == kNone) return kBadRequest;
  to.method = method_of(method);
  to.method_name = {0, first_blank};

  const auto second_blank = line.find(' ', first_blank + 1);
  if (second_blank == kNone) return kBadRequest;
  const Range target{first_blank + 1, second_blank};
  if (target.of(line).find('\t') != kNone) return kBadRequest;
  if (!read_target(line, target, to)) return kBadRequest;
  return read_version(line.substr(second_blank + 1), to.minor);
}

bool may_begin_request(std::string_view line) {
  constexpr std::size_t kEnough =
      16;  // so that a line that trickles in is not read again and again
  const std::string_view method = line.substr(0, std::min(line.find(' '), kEnough));
  return std::all_of(method.begin(), method.end(), is_method) && (!method.empty() || line.empty());
}

}  // namespace sluice::http
