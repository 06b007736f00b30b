// SPDX-License-Identifier: MIT
#include "tests/oracle/picks_lockstep.h"

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/oracle/outcome.h"

namespace sluice::tests::oracle {
namespace {

constexpr std::string_view kPicks = "\r\nX-Picks: ";
constexpr std::string_view kLength = "\r\nContent-Length: ";
constexpr std::size_t kSluiceClients = 4;

std::string value_of(const std::string& head, std::string_view name) {
  const std::size_t at = head.find(name);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size();
  return head.substr(begin, head.find('\r', begin) - begin);
}

// The time that passes is the clock's: nothing may time out.
std::string http(const std::string& listen, const std::string& upstream,
                 const std::string& location) {
  return "log_format done 'done $http_x_id.';\n"
         "upstream u {\n" +
         upstream +
         "\n}\n"
         "server {\n  listen " +
         listen +
         ";\n"
         "  access_log /dev/stderr done;\n"
         "  set_real_ip_from 127.0.0.1;\n"
         "  keepalive_timeout 1d; keepalive_requests 1000000; keepalive_time 1d;\n"
         "  proxy_read_timeout 1d; proxy_connect_timeout 1d; proxy_buffering off;\n"
         "  add_header X-Picks $upstream_addr always;\n"
         "  location / { proxy_pass http://u; " +
         location + " }\n}\n";
}

}  // namespace

void PickClient::ask(const std::string& uri, const std::string& headers) {
  const std::string request = "GET " + uri + " HTTP/1.1\r\nHost: a.test\r\n" + headers + "\r\n";
  EXPECT_TRUE(send_all(socket_, request, Deadline()));
}

std::string PickClient::read_picks() {
  const Deadline deadline;
  std::size_t end = received_.find("\r\n\r\n");
  while (end == std::string::npos) {
    if (read_some(socket_, received_, deadline) != ReadResult::bytes) {
      ADD_FAILURE() << "no answer, but: " << received_;
      return {};
    }
    end = received_.find("\r\n\r\n");
  }
  const std::string head = received_.substr(0, end + 2);
  received_.erase(0, end + 4);
  ok_ = head.starts_with("HTTP/1.1 200 ");
  length_ = std::strtoul(value_of(head, kLength).c_str(), nullptr, 10);
  return value_of(head, kPicks);
}

bool PickClient::read_body() {
  const Deadline deadline;
  while (received_.size() < length_) {
    if (read_some(socket_, received_, deadline) != ReadResult::bytes) return false;
  }
  received_.erase(0, length_);
  return true;
}

Lockstep::Lockstep(const std::string& upstream, const std::string& location) {
  const std::string main = "load_module /usr/lib/nginx/modules/ngx_http_upstream_fair_module.so;";
  nginx_.emplace(
      http(nginx_address_, words_replaced(upstream, "fair"), location),
      NginxOptions{upstream.find("fair") == std::string::npos ? "" : main, clock_.environment()});
  sluice_.emplace(http("127.0.0.1:0", words_replaced(upstream, "fair by=in_flight"), location),
                  ProxyOptions{.main = "worker_processes 2;", .environment = clock_.environment()});
  nginx_client_.emplace(nginx_address_);
  for (std::size_t i = 0; i < kSluiceClients; ++i) sluice_clients_.emplace_back(sluice_->address());
}

std::string Lockstep::words_replaced(std::string text, const std::string& fair) const {
  Replacements words{{"@refuses@", refuses_}, {"@fair@", fair}};
  for (std::size_t i = 0; i < peers_.count(); ++i) {
    words.emplace_back("@" + std::to_string(i) + "@", peers_.address(i));
  }
  return replace_all(std::move(text), words);
}

Picks Lockstep::ask(const std::string& uri, const std::string& client) {
  const std::string id = std::to_string(number_++);
  const std::string headers = "X-Id: " + id + "\r\nX-Real-IP: " + client + "\r\n";
  PickClient& to_sluice = sluice_clients_[number_ % kSluiceClients];
  nginx_client_->ask(uri, headers);
  to_sluice.ask(uri, headers);
  Picks picks{nginx_client_->read_picks(), to_sluice.read_picks()};
  EXPECT_TRUE(nginx_client_->read_body());
  EXPECT_TRUE(to_sluice.read_body());
  wait_for_report(id);
  return picks;
}

Picks Lockstep::hold(const std::string& uri, const std::string& client) {
  const std::string id = std::to_string(number_++);
  const std::string headers = "X-Id: " + id + "\r\nX-Real-IP: " + client + "\r\nX-Hold: ";
  Held held{id, PickClient(nginx_address_), PickClient(sluice_->address())};
  held.nginx.ask(uri, headers + "nginx-" + id + "\r\n");
  held.sluice.ask(uri, headers + "sluice-" + id + "\r\n");
  Picks picks{held.nginx.read_picks(), held.sluice.read_picks()};
  EXPECT_EQ(held.sluice.is_ok(), held.nginx.is_ok());
  if (held.sluice.is_ok() && held.nginx.is_ok()) {
    held_.push_back(std::move(held));
  } else {
    wait_for_report(id);  // a refusal is not held
  }
  return picks;
}

void Lockstep::release(std::size_t which) {
  Held held = std::move(held_[which]);
  held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(which));
  peers_.release("nginx-" + held.id);
  peers_.release("sluice-" + held.id);
  EXPECT_TRUE(held.nginx.read_body());
  EXPECT_TRUE(held.sluice.read_body());
  wait_for_report(held.id);
}

// The answer is with the client before the upstream hears of it, and the next request may meet
// another worker.  The log line comes after both.
void Lockstep::wait_for_report(const std::string& id) {
  sluice_->wait_for_log("done " + id + ".", reported_);
  ++reported_;  // a line at least
}

std::string Lockstep::letters(const std::string& picks) const {
  std::string letters;
  for (std::size_t begin = 0; begin <= picks.size();) {
    const std::size_t end = std::min(picks.find(", ", begin), picks.size());
    const std::string one = picks.substr(begin, end - begin);
    char letter = one == refuses_ ? 'R' : '-';
    for (std::size_t i = 0; i < peers_.count(); ++i) {
      letter = one == peers_.address(i) ? static_cast<char>('A' + i) : letter;
    }
    letters += letter;
    begin = end + 2;
  }
  return letters;
}

}  // namespace sluice::tests::oracle
