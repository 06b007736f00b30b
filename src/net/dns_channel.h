// SPDX-License-Identifier: MIT
// c-ares on the worker's own loop: questions go out, answers come back, nothing blocks.
// Only Resolver uses it: this has no cache, and asks again for every question.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "net/address.h"
#include "net/deadlines.h"
#include "net/loop.h"

struct ares_channeldata;

namespace sluice::net {

struct ResolverOptions {
  std::vector<Address> servers = {};  // none: the system's, and /etc/hosts before them
  std::chrono::seconds valid{0};      // answers are kept for so long; 0: as long as their TTL says
  bool ipv4 = true;
  bool ipv6 = true;

  friend bool operator==(const ResolverOptions&, const ResolverOptions&) = default;
};

// Why a name has no address.  The small numbers are the answer codes of RFC 1035, section 4.1.1.
enum class ResolveError : std::uint8_t {
  none = 0,
  format_error = 1,
  server_failure = 2,
  not_found = 3,
  not_implemented = 4,
  refused = 5,
  timed_out = 110,
  cancelled = 125,
};

struct DnsAnswer {
  ResolveError error = ResolveError::none;
  std::vector<Address> addresses;  // port 0; IPv4 first, each once
  std::chrono::seconds ttl{0};     // the smallest on the way to them; 0 for /etc/hosts
};

// Somebody who asked.  Called once, inside of a call of the channel's: it must not call the
// channel.
class DnsAsker {
 public:
  virtual void dns_answered(DnsAnswer answer) = 0;

 protected:
  ~DnsAsker() = default;
};

class DnsChannel final : private Deadline {
 public:
  // `settled` is called after answers may have come in, when the channel may be called again.
  DnsChannel(Loop& loop, const ResolverOptions& options, std::function<void()> settled);
  // Every question still open is answered with ResolveError::cancelled.
  ~DnsChannel();

  // May answer at once.  `asker` must stay where it is until then.
  void ask(const std::string& name, DnsAsker& asker);
  // `settled` will be called although nothing came in.
  void settle_soon() { loop_.deadlines().arm(*this, loop_.steady_now(), Milliseconds{0}); }

 private:
  class SocketWatch;

  static void socket_changed(void* self, int socket, int readable, int writable);
  void process(int readable, int writable);
  void arm_timer();
  void expired() override;

  Loop& loop_;
  const std::function<void()> settled_;
  int family_;
  bool only_servers_ = false;  // no /etc/hosts
  std::map<int, std::unique_ptr<SocketWatch>> sockets_;
  ares_channeldata* channel_ = nullptr;  // null: c-ares could not be set up
};

}  // namespace sluice::net
