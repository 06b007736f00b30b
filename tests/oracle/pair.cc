// SPDX-License-Identifier: MIT
#include "tests/oracle/pair.h"

#include <algorithm>
#include <ostream>
#include <stdexcept>

namespace sluice::tests::oracle {

PeerAnswer then_close(std::string bytes) {
  return {std::move(bytes), PeerAnswer::Then::close};
}

PeerAnswer then_reset(std::string bytes) {
  return {std::move(bytes), PeerAnswer::Then::reset};
}

PeerAnswer answer(std::string body, const std::string& lines) {
  return PeerAnswer("HTTP/1.1 200 OK\r\n" + lines +
                    "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

std::vector<Pair> with(std::vector<Pair> pairs, const Differences& differences) {
  for (const auto& [name, documented] : differences) {
    const auto pair = std::ranges::find(pairs, name, &Pair::name);
    if (pair == pairs.end()) throw std::runtime_error("no row named " + name);
    pair->documented = documented;
  }
  return pairs;
}

void PrintTo(const Pair& pair, std::ostream* out) {
  *out << pair.name;
}

std::string request(const std::string& line, const std::string& lines) {
  return line + "\r\n" + lines + "\r\n";
}

std::string get(const std::string& target, const std::string& lines) {
  return request("GET " + target + " HTTP/1.1", "Host: a.test\r\n" + lines);
}

std::string post(const std::string& target, const std::string& body, const std::string& lines) {
  return request("POST " + target + " HTTP/1.1", "Host: a.test\r\n" + lines + "Content-Length: " +
                                                     std::to_string(body.size()) + "\r\n") +
         body;
}

}  // namespace sluice::tests::oracle
