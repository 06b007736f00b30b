// SPDX-License-Identifier: MIT
// A name server that says what the test tells it to, over UDP and TCP on one loopback port.
//
//   ScriptedDns dns;
//   dns.say("app.test", {.records = {dns_a("127.0.0.1", 60)}});
//
// A name nobody spoke of does not exist.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/socket.h>

#include "tests/support/sockets.h"

namespace sluice::tests {

inline constexpr std::uint16_t kTypeA = 1;
inline constexpr std::uint16_t kTypeCname = 5;
inline constexpr std::uint16_t kTypeAaaa = 28;

struct DnsRecord {
  std::uint16_t type = kTypeA;
  std::string value;  // an address, or the name a CNAME points to
  std::uint32_t ttl = 60;
  std::string owner = {};  // empty: the name that was asked for
};

DnsRecord dns_a(std::string address, std::uint32_t ttl = 60, std::string owner = {});
DnsRecord dns_aaaa(std::string address, std::uint32_t ttl = 60, std::string owner = {});
DnsRecord dns_cname(std::string target, std::uint32_t ttl = 60);

// What is answered for one name.
struct DnsScript {
  std::vector<DnsRecord> records = {};
  int code = 0;  // 2 SERVFAIL, 3 NXDOMAIN, …
  bool silent = false;
  bool held = false;            // until release()
  bool truncated = false;       // over UDP: no records, ask over TCP
  bool wrong_id_first = false;  // another answer with a wrong id comes before
  std::string garbage = {};     // these bytes behind the header instead of an answer
};

struct DnsQuestion {
  std::string name;  // as it was written
  std::uint16_t type = 0;
  bool tcp = false;
};

class ScriptedDns {
 public:
  ScriptedDns();
  ~ScriptedDns();
  ScriptedDns(const ScriptedDns&) = delete;
  ScriptedDns& operator=(const ScriptedDns&) = delete;

  [[nodiscard]] const std::string& address() const { return address_; }
  // From now on, in place of what was said before.
  void say(const std::string& name, DnsScript script);
  // Answers everything held so far, and holds nothing from now on.
  void release();

  [[nodiscard]] std::vector<DnsQuestion> questions() const;
  // How often this name was asked for with this type.
  [[nodiscard]] std::size_t count(std::string_view name, std::uint16_t type = kTypeA) const;
  // Waits until it was that often; fails the test when it does not happen.
  void wait_for(std::string_view name, std::size_t times, std::uint16_t type = kTypeA);

 private:
  struct Held {
    sockaddr_storage to{};
    socklen_t size = 0;
    std::string reply;
  };

  void serve();
  void answer_datagram();
  bool answer_stream(const Socket& client);
  [[nodiscard]] std::size_t count_asked(std::string_view name, std::uint16_t type) const;
  // The replies to one query, in their order, or none when they are held for `from`; the query is
  // remembered.
  std::vector<std::string> replies(std::string_view query, const Held* from);

  Socket udp_;
  Socket tcp_;
  Socket wake_;
  std::string address_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, DnsScript> scripts_;  // by name in lower case
  std::vector<DnsQuestion> questions_;
  std::vector<Held> held_;
  std::thread thread_;
};

}  // namespace sluice::tests
