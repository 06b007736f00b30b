// SPDX-License-Identifier: MIT
#include "proxy/unresolved_names.h"

#include <algorithm>

#include "proxy/proxy_pass.h"

namespace sluice::proxy {
namespace {

// A name that is missing for long is not asked for every second.
constexpr net::Milliseconds kFirstPause{1'000};
constexpr net::Milliseconds kLongestPause{30'000};
constexpr std::uint16_t kDefaultPort = 80;

}  // namespace

// One server line whose name has no address yet.
class UnresolvedNames::Question final : private net::Resolver::Inquiry {
 public:
  Question(const Generation& generation, const Unresolved& waiting)
      : generation_(generation),
        waiting_(waiting),
        parts_(split_host_port(waiting.server->address).value_or(HostPort{})) {}
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;
  ~Question() = default;

  [[nodiscard]] bool is_answered() const {
    return waiting_.upstream->has_addresses(*waiting_.server);
  }
  void ask(net::Resolver& resolver) {
    if (waits()) {
      return;
    }
    if (const net::Resolved* known = resolver.ask(parts_.host, *this)) {
      answered(*known);
    }
  }

 private:
  void answered(const net::Resolved& resolved) override {
    if (resolved.error != net::ResolveError::none || is_answered()) {
      return;
    }
    std::vector<net::Address> addresses = resolved.addresses;
    for (net::Address& address : addresses) {
      address.set_port(parts_.port.value_or(kDefaultPort));
    }
    waiting_.upstream->add_addresses(*waiting_.server, addresses);
    generation_.error_log().write(log::Level::notice,
                                  "host \"" + waiting_.server->address + "\" of upstream \"" +
                                      waiting_.upstream->name() + "\" resolved now");
  }

  const Generation& generation_;
  const Unresolved& waiting_;
  const HostPort parts_;
};

UnresolvedNames::UnresolvedNames(net::Loop& loop, std::shared_ptr<const Generation> generation)
    : loop_(loop),
      generation_(std::move(generation)),
      pause_(kFirstPause),
      resolver_(loop, generation_->resolver()) {
  for (const Unresolved& waiting : generation_->unresolved()) {
    questions_.emplace_back(*generation_, waiting);
  }
  if (!questions_.empty()) {
    loop_.deadlines().arm(*this, loop_.steady_now(), pause_);
  }
}

UnresolvedNames::~UnresolvedNames() = default;

void UnresolvedNames::expired() {
  std::erase_if(questions_, [](const Question& question) { return question.is_answered(); });
  for (Question& question : questions_) {
    question.ask(resolver_);
  }
  if (!questions_.empty()) {
    pause_ = std::min(pause_ * 2, kLongestPause);
    loop_.deadlines().arm(*this, loop_.steady_now(), pause_);
  }
}

}  // namespace sluice::proxy
