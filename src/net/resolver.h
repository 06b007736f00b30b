// SPDX-License-Identifier: MIT
// Names become addresses while serving: asked over DNS, kept for their TTL, never blocking.
//
//   const Resolved resolved = co_await resolver.resolve("app.example", 30s, client.hung_up());
//
// Belongs to one loop.  Everybody who asks for a name while it is being asked for shares the one
// question.  Must not be destroyed by somebody it is just telling an answer.
#pragma once

#include <coroutine>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "net/dns_channel.h"
#include "net/wait.h"

namespace sluice::net {

struct Resolved {
  ResolveError error = ResolveError::none;
  std::vector<Address> addresses;  // port 0; empty with an error, and only then
  SteadyTime valid_until{};
};

class Resolver {
 public:
  using Clock = std::function<SteadyTime()>;
  // A name that nobody asks for any more goes when there are more than these.
  static constexpr std::size_t kMostNames = 1024;

  // `clock` is for tests; the loop's else.
  Resolver(Loop& loop, const ResolverOptions& options, Clock clock = {});
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // Somebody who waits for a name.  Withdraws when it goes.
  class Inquiry {
   public:
    Inquiry() = default;
    Inquiry(const Inquiry&) = delete;
    Inquiry& operator=(const Inquiry&) = delete;
    [[nodiscard]] bool waits() const { return next_ != nullptr; }
    void withdraw();

   protected:
    ~Inquiry() { withdraw(); }
    // Called once, already withdrawn.
    virtual void answered(const Resolved& resolved) = 0;

   private:
    friend class Resolver;
    Inquiry* next_ = nullptr;
    Inquiry* previous_ = nullptr;
  };
  // The answer when it is known, valid until the next call; else null, and `inquiry` is told later.
  const Resolved* ask(std::string_view host, Inquiry& inquiry);

  class Resolving;
  // ResolveError::timed_out after `timeout`; `cancelled` when `unless` happens or the loop stops.
  // `host` must stay alive until the answer.
  Resolving resolve(std::string_view host, Milliseconds timeout, Interest unless);

  [[nodiscard]] std::size_t names() const { return names_.size(); }

 private:
  class Waiting;
  class Name;

  void forget_oldest();
  void finish(Name& name, DnsAnswer answer);
  void tell();

  Loop& loop_;
  const Clock clock_;
  const std::chrono::seconds valid_;
  const Resolved refused_{ResolveError::server_failure, {}, {}};
  const Resolved not_found_{ResolveError::not_found, {}, {}};
  std::list<Name> names_;  // the last asked for at the front
  std::unordered_map<std::string_view, std::list<Name>::iterator> by_name_;
  std::vector<Name*> finished_;          // answered, their inquiries not told yet
  std::unique_ptr<DnsChannel> channel_;  // the first to go: it answers what is open
};

class [[nodiscard]] Resolver::Resolving final : private Inquiry, private Waiter, private Deadline {
 public:
  Resolving(Resolver& resolver, std::string_view host, Milliseconds timeout, Interest unless)
      : resolver_(resolver), host_(host), timeout_(timeout), unless_(unless) {}

  bool await_ready();
  void await_suspend(std::coroutine_handle<> waiting);
  Resolved await_resume() { return std::move(result_); }

 private:
  void answered(const Resolved& resolved) override;
  void woken(Watch& watch, Until until, bool cancelled) override;
  void expired() override;
  void finish(Resolved result);

  Resolver& resolver_;
  std::string_view host_;
  Milliseconds timeout_;
  Interest unless_;
  Resolved result_;
  std::coroutine_handle<> waiting_;
};

}  // namespace sluice::net
