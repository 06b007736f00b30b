// SPDX-License-Identifier: MIT
// A row of the tables of attacks: what an attacker sends, what he gets, and what reaches the peer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice::tests::attacks {

struct Attack {
  std::string name;
  std::string bytes;
  // Of all answers on the connection, "400" or "200 204".  Behind the bytes goes a probe, which is
  // answered with 204: a list without it says that the connection was closed before.
  std::string statuses;
  // All that the peer received, byte for byte; empty: it heard nothing.
  std::string seen = {};
  // No probe: the attacker says that he has sent everything.
  bool then_ends = false;
};

inline const std::string kProbe = "GET /probe HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n";

// Requests as an attacker writes them; `headers` are whole lines.
inline std::string get(std::string_view headers = {}) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n";
}
inline std::string post(std::string_view headers, std::string_view body) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n" + std::string(body);
}
inline std::string chunked(std::string_view body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}
// A header line with a NUL or another byte in it.
inline std::string with(std::string before, char byte, std::string_view after) {
  before.push_back(byte);
  return before.append(after);
}

// Requests as sluice writes them to the peer of the tables.
inline std::string passed(std::string_view line, std::string_view headers = {},
                          std::string_view body = {}) {
  return std::string(line) + " HTTP/1.1\r\nHost: peer\r\n" + std::string(headers) + "\r\n" +
         std::string(body);
}
inline const std::string kPassedGet = passed("GET /");
inline std::string passed_post(std::string_view body) {
  return passed("POST /", "Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

// Refused, with the connection closed and nothing sent to the peer.
inline Attack refused(std::string name, std::string bytes, std::string status = "400") {
  return {std::move(name), std::move(bytes), std::move(status)};
}

// Runs each attack through a sluice of its own, sent whole and cut in two at every byte, and checks
// what its row says.
void expect_all(const std::vector<Attack>& attacks);
// The same for attacks that are too long for so many cuts.
void expect_whole(const std::vector<Attack>& attacks);

}  // namespace sluice::tests::attacks
