// SPDX-License-Identifier: MIT
// Variables of proxy_pass and of the attempts made (ngx_http_proxy_module.c, ngx_http_upstream.c).
#include "routing/variable_rows.h"

namespace sluice::routing {
namespace {

// One entry an attempt: "10.0.0.1:80, 10.0.0.2:80 : 10.0.0.3:80".
template <void (*AppendEntry)(std::string& out, const AttemptFacts& attempt)>
bool append_list(std::string& out, const Facts& facts, const Variable&) {
  if (facts.attempts == nullptr || facts.attempts->empty()) return false;
  bool first = true;
  for (const AttemptFacts& attempt : *facts.attempts) {
    if (!first) out += attempt.begins_again ? " : " : ", ";
    first = false;
    AppendEntry(out, attempt);
  }
  return true;
}

void entry_peer(std::string& out, const AttemptFacts& attempt) {
  out += attempt.peer;
}

void entry_status(std::string& out, const AttemptFacts& attempt) {
  if (attempt.status == 0) {
    out += '-';
  } else {
    append_number(out, attempt.status);
  }
}

template <Milliseconds AttemptFacts::*Field>
void entry_time(std::string& out, const AttemptFacts& attempt) {
  if (attempt.*Field == Milliseconds{-1}) {
    out += '-';
  } else {
    append_seconds(out, attempt.*Field);
  }
}

template <std::uint64_t AttemptFacts::*Field>
void entry_count(std::string& out, const AttemptFacts& attempt) {
  append_number(out, attempt.*Field);
}

bool append_forwarded_for(std::string& out, const Facts& facts, const Variable&) {
  if (facts.request != nullptr) {
    for (const http::Header& header : facts.request->headers) {
      if (header.id != http::HeaderId::x_forwarded_for) continue;
      out += header.value;
      out += ", ";
    }
  }
  if (facts.connection != nullptr) facts.remote().append_address(out);
  return true;
}

bool append_upstream_http(std::string& out, const Facts& facts, const Variable& self) {
  if (facts.answer == nullptr) return false;
  return append_headers(out, facts.answer->headers, self, ", ");
}

bool has_name(std::string_view cookie, std::string_view name) {
  return cookie.size() > name.size() && cookie[name.size()] == '=' &&
         is_header_called(cookie.substr(0, name.size()), name);
}

// The first Set-Cookie of that name, without its attributes (ngx_http_parse_set_cookie_lines).
bool append_upstream_cookie(std::string& out, const Facts& facts, const Variable& self) {
  if (facts.answer == nullptr || self.detail.empty()) return false;
  for (const http::Header& header : facts.answer->headers) {
    if (header.id != http::HeaderId::set_cookie || !has_name(header.value, self.detail)) continue;
    const std::string_view value = header.value.substr(self.detail.size() + 1);
    out += value.substr(0, value.find(';'));
    return true;
  }
  return false;
}

constexpr VariableRow kRows[] = {
    {"proxy_add_x_forwarded_for", append_forwarded_for},
    {"proxy_host", text_if_any<&Facts::proxy_host>},
    {"proxy_port", text_if_any<&Facts::proxy_port>},
    {"upstream_addr", append_list<entry_peer>},
    {"upstream_bytes_received", append_list<entry_count<&AttemptFacts::bytes_received>>},
    {"upstream_bytes_sent", append_list<entry_count<&AttemptFacts::bytes_sent>>},
    {"upstream_cache_status", append_nothing},
    {"upstream_connect_time", append_list<entry_time<&AttemptFacts::connect_time>>},
    {"upstream_cookie_", append_upstream_cookie},
    {"upstream_header_time", append_list<entry_time<&AttemptFacts::header_time>>},
    {"upstream_http_", append_upstream_http},
    {"upstream_last_server_name", append_nothing},
    {"upstream_response_length", append_list<entry_count<&AttemptFacts::response_length>>},
    {"upstream_response_time", append_list<entry_time<&AttemptFacts::response_time>>},
    {"upstream_status", append_list<entry_status>},
    {"upstream_trailer_", append_nothing},
};

}  // namespace

std::span<const VariableRow> upstream_variables() {
  return kRows;
}

}  // namespace sluice::routing
