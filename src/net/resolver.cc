// SPDX-License-Identifier: MIT
#include "net/resolver.h"

#include <algorithm>
#include <cassert>

namespace sluice::net {
namespace {

using std::chrono::seconds;

constexpr std::size_t kLongestName = 253;  // RFC 1035, section 2.3.4, as text
// A TTL of 0 would ask for each request; nginx's second-wise clock keeps such an answer as long.
constexpr seconds kShortest{1};
constexpr seconds kLongest{86'400};
// Long enough to spare the server a storm, short enough for a name that has just been made.
constexpr seconds kNotFoundFor{3};
constexpr seconds kFailedFor{1};

// A name as DNS has them; anything else has no address, and need not be asked for.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName && std::ranges::all_of(text, [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' ||
           byte == '_' || byte == '.';
  });
}

seconds lifetime(const DnsAnswer& answer, seconds valid) {
  switch (answer.error) {
    case ResolveError::none:
      return valid > seconds{0} ? valid : std::clamp(answer.ttl, kShortest, kLongest);
    case ResolveError::not_found:
      return kNotFoundFor;
    default:
      return kFailedFor;
  }
}

}  // namespace

// A circular list of those who wait for one thing.
class Resolver::Waiting final : private Inquiry {
 public:
  Waiting() { next_ = previous_ = this; }
  ~Waiting() {
    assert(next_ == this);
    next_ = nullptr;
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  void add(Inquiry& inquiry) {
    inquiry.previous_ = previous_;
    inquiry.next_ = this;
    previous_->next_ = &inquiry;
    previous_ = &inquiry;
  }
  // The next one, withdrawn; null: nobody is left.
  Inquiry* take_first() {
    Inquiry* const first = next_;
    if (first == this) {
      return nullptr;
    }
    first->withdraw();
    return first;
  }

 private:
  void answered(const Resolved&) override {}
};

// A name, what is known of it, and who waits for it.
class Resolver::Name final : public DnsAsker {
 public:
  Name(Resolver& resolver, std::string_view text) : resolver_(resolver), text_(text) {}

  [[nodiscard]] const std::string& text() const { return text_; }

  Resolved known;
  bool is_asked = false;  // being asked for
  Waiting waiting;

 private:
  void dns_answered(DnsAnswer answer) override { resolver_.finish(*this, std::move(answer)); }

  Resolver& resolver_;
  const std::string text_;
};

void Resolver::Inquiry::withdraw() {
  if (next_ == nullptr) {
    return;
  }
  next_->previous_ = previous_;
  previous_->next_ = next_;
  next_ = nullptr;
}

Resolver::Resolver(Loop& loop, const ResolverOptions& options, Clock clock)
    : loop_(loop),
      clock_(clock ? std::move(clock) : [&loop] { return loop.steady_now(); }),
      valid_(options.valid),
      channel_(std::make_unique<DnsChannel>(loop, options, [this] { tell(); })) {}

Resolver::~Resolver() = default;

const Resolved* Resolver::ask(std::string_view host, Inquiry& inquiry) {
  std::string text(host.substr(0, kLongestName + 1));
  std::ranges::transform(text, text.begin(), [](char byte) {
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte;
  });
  if (!is_name(text)) {
    return &not_found_;
  }
  auto found = by_name_.find(text);
  if (found == by_name_.end()) {
    if (names_.size() >= kMostNames) {
      forget_oldest();
    }
    if (names_.size() >= kMostNames) {
      return &refused_;  // so many are being asked for now
    }
    names_.emplace_front(*this, text);
    found = by_name_.emplace(names_.front().text(), names_.begin()).first;
  }
  names_.splice(names_.begin(), names_, found->second);
  Name& name = names_.front();
  if (!name.is_asked) {
    if (name.known.valid_until > clock_()) {
      return &name.known;
    }
    name.is_asked = true;
    channel_->ask(name.text(), name);
    const bool at_once = std::erase(finished_, &name) > 0;
    if (!finished_.empty()) {
      channel_->settle_soon();  // sending found out that others will have no answer
    }
    if (at_once) {
      name.is_asked = false;
      return &name.known;
    }
  }
  name.waiting.add(inquiry);
  return nullptr;
}

// Those that are asked for are waited for, and stay.
void Resolver::forget_oldest() {
  for (auto name = names_.end(); name != names_.begin();) {
    --name;
    if (!name->is_asked) {
      by_name_.erase(name->text());
      names_.erase(name);
      return;
    }
  }
}

void Resolver::finish(Name& name, DnsAnswer answer) {
  name.known.valid_until = clock_() + lifetime(answer, valid_);
  name.known.error = answer.error;
  name.known.addresses = std::move(answer.addresses);
  finished_.push_back(&name);
}

// Whoever is told may ask anew, make others withdraw, and push names out: only copies are held.
void Resolver::tell() {
  while (!finished_.empty()) {
    Name& name = *finished_.back();
    finished_.pop_back();
    name.is_asked = false;
    const Resolved resolved = name.known;
    Waiting waiting;
    while (Inquiry* inquiry = name.waiting.take_first()) {
      waiting.add(*inquiry);
    }
    while (Inquiry* inquiry = waiting.take_first()) {
      inquiry->answered(resolved);
    }
  }
}

Resolver::Resolving Resolver::resolve(std::string_view host, Milliseconds timeout,
                                      Interest unless) {
  return {*this, host, timeout, unless};
}

bool Resolver::Resolving::await_ready() {
  if (resolver_.loop_.stopping()) {
    result_.error = ResolveError::cancelled;
    return true;
  }
  if (const Resolved* known = resolver_.ask(host_, *this)) {
    result_ = *known;
    return true;
  }
  if (unless_.watch->ready(unless_.until)) {
    withdraw();
    result_.error = ResolveError::cancelled;
    return true;
  }
  return false;
}

void Resolver::Resolving::await_suspend(std::coroutine_handle<> waiting) {
  waiting_ = waiting;
  unless_.watch->set_waiter(unless_.until, this);
  Loop& loop = resolver_.loop_;
  loop.deadlines().arm(*this, loop.steady_now(), timeout_);
}

void Resolver::Resolving::answered(const Resolved& resolved) {
  finish(resolved);
}

void Resolver::Resolving::woken(Watch&, Until, bool) {
  finish({ResolveError::cancelled, {}, {}});
}

void Resolver::Resolving::expired() {
  finish({ResolveError::timed_out, {}, {}});
}

void Resolver::Resolving::finish(Resolved result) {
  withdraw();
  disarm();
  unless_.watch->set_waiter(unless_.until, nullptr);
  result_ = std::move(result);
  waiting_.resume();
}

}  // namespace sluice::net
