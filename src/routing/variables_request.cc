// SPDX-License-Identifier: MIT
// Variables that the request itself answers (ngx_http_variables.c).
#include <limits.h>
#include <stdlib.h>

#include <array>
#include <optional>

#include "routing/request_id.h"
#include "routing/variable_rows.h"

namespace sluice::routing {
namespace {

using http::HeaderId;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// `name` is in lower case.
bool starts_with(std::string_view text, std::string_view name) {
  if (text.size() < name.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (lower(text[i]) != name[i]) return false;
  }
  return true;
}

bool append_http(std::string& out, const Facts& facts, const Variable& self) {
  if (facts.request == nullptr) return false;
  return append_headers(out, facts.request->headers, self,
                        self.header == HeaderId::cookie ? "; " : ", ");
}

template <HeaderId Id>
bool header_value(std::string& out, const Facts& facts, const Variable&) {
  if (facts.request == nullptr) return false;
  for (const http::Header& header : facts.request->headers) {
    if (header.id != Id) continue;
    out += header.value;
    return true;
  }
  return false;
}

// Of a chunked body, whose head does not say it: once it was read.
bool append_content_length(std::string& out, const Facts& facts, const Variable& variable) {
  if (header_value<HeaderId::content_length>(out, facts, variable)) return true;
  if (facts.body_length == 0) return false;
  out += std::to_string(facts.body_length);
  return true;
}

// ngx_http_arg: the first `name=` at the beginning or after '&', in any case.
bool append_arg(std::string& out, const Facts& facts, const Variable& self) {
  if (self.detail.empty()) return false;
  std::string_view rest = facts.args;
  while (!rest.empty()) {
    const std::string_view arg = rest.substr(0, rest.find('&'));
    if (starts_with(arg, self.detail) && arg.substr(self.detail.size()).starts_with('=')) {
      out += arg.substr(self.detail.size() + 1);
      return true;
    }
    rest.remove_prefix(std::min(arg.size() + 1, rest.size()));
  }
  return false;
}

std::string_view skip_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text;
}

// ngx_http_parse_multi_header_lines: cookies end at ';', and a ',' begins another as well.
std::optional<std::string_view> find_cookie(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    if (starts_with(cookies, name)) {
      const std::string_view after = skip_blanks(cookies.substr(name.size()));
      if (after.starts_with('=')) {
        const std::string_view value = skip_blanks(after.substr(1));
        return value.substr(0, value.find(';'));
      }
    }
    const auto end = cookies.find_first_of(";,");
    if (end == std::string_view::npos) break;
    cookies = skip_blanks(cookies.substr(end + 1));
  }
  return std::nullopt;
}

bool append_cookie(std::string& out, const Facts& facts, const Variable& self) {
  if (facts.request == nullptr || self.detail.empty()) return false;
  for (const http::Header& header : facts.request->headers) {
    if (header.id != HeaderId::cookie) continue;
    const auto value = find_cookie(header.value, self.detail);
    if (!value) continue;
    out += *value;
    return true;
  }
  return false;
}

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// Adds what stands before the first ':' of the decoded text; false when that is nothing, when there
// is no colon, or when it is not base64 (ngx_http_auth_basic_user).
bool append_user_of(std::string& out, std::string_view credentials) {
  credentials = credentials.substr(0, credentials.find('='));
  if (credentials.size() % 4 == 1) return false;
  for (const char c : credentials) {
    if (base64_digit(c) < 0) return false;
  }

  const std::size_t before = out.size();
  unsigned bits = 0;
  int count = 0;
  for (const char c : credentials) {
    bits = bits << 6 | static_cast<unsigned>(base64_digit(c));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    const char byte = static_cast<char>(bits >> count & 0xff);
    if (byte == ':') return out.size() > before;
    out += byte;
  }
  out.resize(before);
  return false;
}

bool append_remote_user(std::string& out, const Facts& facts, const Variable&) {
  if (facts.request == nullptr) return false;
  for (const http::Header& header : facts.request->headers) {
    if (header.id != HeaderId::authorization) continue;
    if (!starts_with(header.value, "basic ")) return false;
    return append_user_of(out, skip_blanks(header.value.substr(6)));
  }
  return false;
}

// The port that the client asked for: of the request line, else of Host.
std::string_view asked_port(const Facts& facts) {
  if (facts.request == nullptr) return {};
  std::string_view host = facts.request->authority;
  if (host.empty()) host = facts.request->headers.value(HeaderId::host);
  const auto bracket = host.rfind(']');
  const auto colon = host.rfind(':');
  const bool has_port = colon != host.npos && (bracket == host.npos || colon > bracket);
  return has_port ? host.substr(colon + 1) : std::string_view{};
}

bool append_request_port(std::string& out, const Facts& facts, const Variable&) {
  out += asked_port(facts);
  return true;
}

bool append_is_request_port(std::string& out, const Facts& facts, const Variable&) {
  if (!asked_port(facts).empty()) out += ':';
  return true;
}

bool append_is_args(std::string& out, const Facts& facts, const Variable&) {
  if (!facts.args.empty()) out += '?';
  return true;
}

bool append_method(std::string& out, const Facts& facts, const Variable&) {
  if (facts.request == nullptr) return false;
  out += facts.request->method_name;
  return !facts.request->method_name.empty();
}

bool append_protocol(std::string& out, const Facts& facts, const Variable&) {
  if (facts.request == nullptr) return false;
  out += facts.line.substr(facts.line.rfind(' ') + 1);  // as it came: 1.2 too
  return true;
}

bool append_completion(std::string& out, const Facts& facts, const Variable&) {
  if (facts.completed) out += "OK";
  return true;
}

bool append_filename(std::string& out, const Facts& facts, const Variable&) {
  out += facts.document_root;
  out += facts.uri;
  return true;
}

bool append_realpath_root(std::string& out, const Facts& facts, const Variable&) {
  std::array<char, PATH_MAX> given;
  std::array<char, PATH_MAX> real;
  if (facts.document_root.size() >= given.size()) return false;
  given[facts.document_root.copy(given.data(), given.size() - 1)] = '\0';
  if (::realpath(given.data(), real.data()) == nullptr) return false;
  out += real.data();
  return true;
}

bool append_request_id(std::string& out, const Facts& facts, const Variable&) {
  if (facts.request_id[0] == '\0') fill_request_id(facts.request_id);
  out.append(facts.request_id.data(), facts.request_id.size());
  return true;
}

constexpr VariableRow kRows[] = {
    {"arg_", append_arg},
    {"args", text_if_any<&Facts::args>},
    {"content_length", append_content_length},
    {"content_type", header_value<HeaderId::content_type>},
    {"cookie_", append_cookie},
    {"document_root", text_of<&Facts::document_root>},
    {"document_uri", text_if_any<&Facts::uri>},
    {"host", text_of<&Facts::host>},
    {"http_", append_http},
    {"is_args", append_is_args},
    {"is_request_port", append_is_request_port},
    {"query_string", text_if_any<&Facts::args>},
    {"realpath_root", append_realpath_root},
    {"remote_user", append_remote_user},
    {"request", text_if_any<&Facts::line>},
    {"request_body", text_if_any<&Facts::request_body>},
    {"request_body_file", text_if_any<&Facts::request_body_file>},
    {"request_completion", append_completion},
    {"request_filename", append_filename},
    {"request_id", append_request_id},
    {"request_length", number_of<&Facts::request_length>},
    {"request_method", append_method},
    {"request_port", append_request_port},
    {"request_uri", text_if_any<&Facts::request_uri>},
    {"server_name", text_of<&Facts::server_name>},
    {"server_protocol", append_protocol},
    {"uri", text_if_any<&Facts::uri>},
};

}  // namespace

std::span<const VariableRow> request_variables() {
  return kRows;
}

}  // namespace sluice::routing
