// SPDX-License-Identifier: MIT
// Variables of the client's connection and of this process.
#include <unistd.h>

#include <array>

#include "routing/variable_rows.h"

namespace sluice::routing {
namespace {

// One end of the connection.
using End = const Endpoint&(const Facts& facts);

const Endpoint& client(const Facts& facts) {
  return facts.remote();
}
const Endpoint& connected_client(const Facts& facts) {
  return facts.connection->remote;
}
const Endpoint& server(const Facts& facts) {
  return facts.connection->local;
}

template <End* end>
bool append_address(std::string& out, const Facts& facts, const Variable&) {
  if (facts.connection == nullptr) return false;
  end(facts).append_address(out);
  return true;
}

// A unix: socket has none, and nginx says so with an empty value.
template <End* end>
bool append_port(std::string& out, const Facts& facts, const Variable&) {
  if (facts.connection == nullptr) return false;
  const std::uint16_t port = end(facts).port;
  if (port != 0) append_number(out, port);
  return true;
}

bool append_binary_address(std::string& out, const Facts& facts, const Variable&) {
  if (facts.connection == nullptr) return false;
  out += facts.remote().binary();
  return true;
}

template <class T, T ConnectionFacts::*Field>
bool append_count(std::string& out, const Facts& facts, const Variable&) {
  if (facts.connection == nullptr) return false;
  append_number(out, facts.connection->*Field);
  return true;
}

template <std::string_view ConnectionFacts::*Field>
bool append_tls(std::string& out, const Facts& facts, const Variable&) {
  if (facts.connection == nullptr) return false;
  out += facts.connection->*Field;
  return !(facts.connection->*Field).empty();
}

bool append_scheme(std::string& out, const Facts& facts, const Variable&) {
  out += facts.connection != nullptr && facts.connection->tls ? "https" : "http";
  return true;
}

bool append_https(std::string& out, const Facts& facts, const Variable&) {
  if (facts.connection != nullptr && facts.connection->tls) out += "on";
  return true;
}

bool append_connection_time(std::string& out, const Facts& facts, const Variable&) {
  if (facts.connection == nullptr) return false;
  append_seconds(
      out, std::chrono::duration_cast<Milliseconds>(facts.steady_now - facts.connection->began));
  return true;
}

// Asked for once, and in lower case, as nginx does at start.
std::string ask_hostname() {
  std::array<char, 256> text{};
  if (::gethostname(text.data(), text.size() - 1) != 0) return {};
  std::string name = text.data();
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return name;
}

bool append_hostname(std::string& out, const Facts&, const Variable&) {
  static const std::string name = ask_hostname();
  out += name;
  return true;
}

// What the system says of the connection now.  Only TCP has it.
template <std::uint32_t TcpFacts::*Field>
bool append_tcp_info(std::string& out, const Facts& facts, const Variable&) {
  if (facts.connection == nullptr || facts.connection->tcp == nullptr) return false;
  const std::optional<TcpFacts> found = facts.connection->tcp->tcp_facts();
  if (found) append_number(out, *found.*Field);
  return found.has_value();
}

// Not settled when the configuration is read: the process that serves may be a child of that one.
bool append_pid(std::string& out, const Facts&, const Variable&) {
  append_number(out, static_cast<unsigned>(::getpid()));
  return true;
}

// The nginx whose behaviour this is: what -v prints.
bool append_nginx_version(std::string& out, const Facts&, const Variable&) {
  out += "1.31.3";
  return true;
}

constexpr VariableRow kRows[] = {
    {"binary_remote_addr", append_binary_address},
    {"connection", append_count<std::uint64_t, &ConnectionFacts::number>},
    {"connection_requests", append_count<std::uint32_t, &ConnectionFacts::requests>},
    {"connection_time", append_connection_time},
    {"hostname", append_hostname},
    {"https", append_https},
    {"nginx_version", append_nginx_version},
    {"pid", append_pid},
    {"proxy_protocol_addr", append_nothing},
    {"proxy_protocol_port", append_nothing},
    {"proxy_protocol_server_addr", append_nothing},
    {"proxy_protocol_server_port", append_nothing},
    {"proxy_protocol_tlv_", append_nothing},
    {"realip_remote_addr", append_address<connected_client>},
    {"realip_remote_port", append_port<connected_client>},
    {"remote_addr", append_address<client>},
    {"remote_port", append_port<client>},
    {"scheme", append_scheme},
    {"server_addr", append_address<server>},
    {"server_port", append_port<server>},
    {"ssl_cipher", append_tls<&ConnectionFacts::tls_cipher>},
    {"ssl_protocol", append_tls<&ConnectionFacts::tls_protocol>},
    {"ssl_server_name", append_tls<&ConnectionFacts::tls_name>},
    {"tcpinfo_rcv_space", append_tcp_info<&TcpFacts::rcv_space>},
    {"tcpinfo_rtt", append_tcp_info<&TcpFacts::rtt>},
    {"tcpinfo_rttvar", append_tcp_info<&TcpFacts::rttvar>},
    {"tcpinfo_snd_cwnd", append_tcp_info<&TcpFacts::snd_cwnd>},
};

}  // namespace

std::span<const VariableRow> connection_variables() {
  return kRows;
}

}  // namespace sluice::routing
