// SPDX-License-Identifier: MIT
#include "net/dns_channel.h"

#include <ares.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "net/reactor.h"
#include "net/watch.h"

namespace sluice::net {
namespace {

// A lost datagram is sent again after 2, 4 and 8 seconds; nginx's default patience is 30.
constexpr int kFirstTimeoutMs = 2000;
constexpr int kTries = 4;
// A reply over TCP may hold thousands; nobody needs them, and the cache must stay small.
constexpr std::size_t kMostAddresses = 64;

ResolveError error_of(int status) {
  switch (status) {
    case ARES_SUCCESS:
      return ResolveError::none;
    case ARES_ENODATA:
    case ARES_ENOTFOUND:
    case ARES_ENONAME:
    case ARES_EBADNAME:
      return ResolveError::not_found;
    case ARES_EFORMERR:
      return ResolveError::format_error;
    case ARES_ENOTIMP:
      return ResolveError::not_implemented;
    case ARES_EREFUSED:
      return ResolveError::refused;
    case ARES_ETIMEOUT:
      return ResolveError::timed_out;
    case ARES_EDESTRUCTION:
    case ARES_ECANCELLED:
      return ResolveError::cancelled;
    default:
      return ResolveError::server_failure;  // nobody there, or an answer that makes no sense
  }
}

DnsAnswer read_answer(int status, const ares_addrinfo* found) {
  DnsAnswer answer;
  answer.error = error_of(status);
  if (status != ARES_SUCCESS || found == nullptr) {
    return answer;
  }
  int ttl = found->nodes != nullptr ? found->nodes->ai_ttl : 0;
  for (const int family : {AF_INET, AF_INET6}) {
    for (const ares_addrinfo_node* node = found->nodes; node != nullptr; node = node->ai_next) {
      if (node->ai_family != family || answer.addresses.size() >= kMostAddresses) {
        continue;
      }
      ttl = std::min(ttl, node->ai_ttl);
      const Address address{node->ai_addr, node->ai_addrlen};
      if (std::ranges::find(answer.addresses, address) == answer.addresses.end()) {
        answer.addresses.push_back(address);
      }
    }
  }
  for (const ares_addrinfo_cname* name = found->cnames; name != nullptr; name = name->next) {
    ttl = std::min(ttl, name->ttl);
  }
  answer.ttl = std::chrono::seconds{std::max(ttl, 0)};
  if (answer.addresses.empty()) {
    answer.error = ResolveError::not_found;
  }
  return answer;
}

void answered(void* asker, int status, int /*timeouts*/, ares_addrinfo* found) {
  DnsAnswer answer = read_answer(status, found);
  if (found != nullptr) {
    ares_freeaddrinfo(found);
  }
  static_cast<DnsAsker*>(asker)->dns_answered(std::move(answer));
}

// ares_set_servers_ports copies the list.
bool set_servers(ares_channel channel, const std::vector<Address>& servers) {
  std::vector<ares_addr_port_node> nodes(servers.size());
  for (std::size_t i = 0; i < servers.size(); ++i) {
    ares_addr_port_node& node = nodes[i];
    node = {};
    node.next = i + 1 < servers.size() ? &nodes[i + 1] : nullptr;
    node.family = servers[i].family();
    const std::string_view bytes = servers[i].bytes();
    std::memcpy(&node.addr, bytes.data(), bytes.size());
    node.udp_port = node.tcp_port = servers[i].port();
  }
  return ares_set_servers_ports(channel, nodes.data()) == ARES_SUCCESS;
}

bool library_is_ready() {
  static const bool ready = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS;
  return ready;
}

}  // namespace

// One of c-ares's sockets under the reactor's eyes.  Level-triggered: c-ares may leave datagrams
// for later.
class DnsChannel::SocketWatch final : private Waiter {
 public:
  SocketWatch(DnsChannel& channel, int socket)
      : channel_(channel), watch_(channel.loop_, socket, Watch::Trigger::level) {
    watch_.set_waiter(Until::readable, this);
    watch_.set_waiter(Until::writable, this);
  }
  ~SocketWatch() {
    watch_.set_waiter(Until::readable, nullptr);
    watch_.set_waiter(Until::writable, nullptr);
  }
  SocketWatch(const SocketWatch&) = delete;
  SocketWatch& operator=(const SocketWatch&) = delete;

  void want(bool readable, bool writable) {
    watch_.loop().reactor().listen_to(watch_,
                                      (readable ? EPOLLIN : 0U) | (writable ? EPOLLOUT : 0U));
  }

 private:
  void woken(Watch&, Until until, bool cancelled) override {
    if (cancelled) {
      return;  // the loop has stopped
    }
    watch_.clear(until);
    watch_.set_waiter(until, this);
    const int socket = watch_.descriptor();
    DnsChannel& channel = channel_;  // this may be gone when c-ares closes the socket
    channel.process(until == Until::readable ? socket : ARES_SOCKET_BAD,
                    until == Until::writable ? socket : ARES_SOCKET_BAD);
  }

  DnsChannel& channel_;
  Watch watch_;
};

DnsChannel::DnsChannel(Loop& loop, const ResolverOptions& options, std::function<void()> settled)
    : loop_(loop), settled_(std::move(settled)) {
  family_ = options.ipv4 && options.ipv6 ? AF_UNSPEC : options.ipv4 ? AF_INET : AF_INET6;
  const bool configured = !options.servers.empty();
  only_servers_ = configured;
  std::string lookups = configured ? "b" : "fb";  // /etc/hosts belongs to the system's own way
  ares_options settings{};
  settings.sock_state_cb = socket_changed;
  settings.sock_state_cb_data = this;
  settings.timeout = kFirstTimeoutMs;
  settings.tries = kTries;
  settings.lookups = lookups.data();
  // HOSTALIASES of our environment has no business here.
  settings.flags = ARES_FLAG_NOALIASES | (configured ? ARES_FLAG_NOSEARCH : 0);
  int given = ARES_OPT_SOCK_STATE_CB | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS |
              ARES_OPT_FLAGS;
  if (configured) {
    // A name is asked for as it stands: `search` and `ndots` are for names that people type.
    given |= ARES_OPT_DOMAINS | ARES_OPT_NDOTS;
  }
  if (!library_is_ready() || ares_init_options(&channel_, &settings, given) != ARES_SUCCESS) {
    channel_ = nullptr;
    return;
  }
  if (configured && !set_servers(channel_, options.servers)) {
    ares_destroy(channel_);
    channel_ = nullptr;
  }
}

DnsChannel::~DnsChannel() {
  if (channel_ != nullptr) {
    ares_destroy(channel_);
  }
}

void DnsChannel::ask(const std::string& name, DnsAsker& asker) {
  if (channel_ == nullptr) {
    asker.dns_answered({ResolveError::server_failure, {}, {}});
    return;
  }
  ares_addrinfo_hints hints{};
  // Without sorting: that would connect a socket to each address; balancing is the upstream's.
  hints.ai_flags = ARES_AI_NOSORT;
  hints.ai_family = family_;
  hints.ai_socktype = SOCK_STREAM;
  // c-ares answers for this name itself, or not at all (RFC 6761), unless it ends with a dot.
  const bool is_kept_back = only_servers_ && name == "localhost";
  ares_getaddrinfo(channel_, is_kept_back ? "localhost." : name.c_str(), nullptr, &hints, answered,
                   &asker);
  arm_timer();
}

void DnsChannel::socket_changed(void* self, int socket, int readable, int writable) {
  DnsChannel& channel = *static_cast<DnsChannel*>(self);
  if (readable == 0 && writable == 0) {
    channel.sockets_.erase(socket);  // c-ares closes it next
    return;
  }
  std::unique_ptr<SocketWatch>& watch = channel.sockets_[socket];
  if (!watch) {
    watch = std::make_unique<SocketWatch>(channel, socket);
  }
  watch->want(readable != 0, writable != 0);
}

void DnsChannel::process(int readable, int writable) {
  ares_process_fd(channel_, readable, writable);
  arm_timer();
  settled_();
}

void DnsChannel::arm_timer() {
  timeval left{};
  if (ares_timeout(channel_, nullptr, &left) == nullptr) {
    disarm();
    return;
  }
  loop_.deadlines().arm(*this, loop_.steady_now(),
                        std::chrono::ceil<Milliseconds>(std::chrono::seconds{left.tv_sec} +
                                                        std::chrono::microseconds{left.tv_usec}));
}

void DnsChannel::expired() {
  process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

}  // namespace sluice::net
