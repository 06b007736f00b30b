// SPDX-License-Identifier: MIT
// Asks again, with back-off, for the names in upstream blocks that had no address at the start.
// Their peers join when they have one.  The first worker has it: never blocking, once a process.
#pragma once

#include <list>
#include <memory>

#include "net/resolver.h"
#include "proxy/generation.h"

namespace sluice::proxy {

class UnresolvedNames final : private net::Deadline {
 public:
  UnresolvedNames(net::Loop& loop, std::shared_ptr<const Generation> generation);
  ~UnresolvedNames();
  UnresolvedNames(const UnresolvedNames&) = delete;
  UnresolvedNames& operator=(const UnresolvedNames&) = delete;

 private:
  class Question;

  void expired() override;

  net::Loop& loop_;
  const std::shared_ptr<const Generation> generation_;
  net::Milliseconds pause_;
  net::Resolver resolver_;
  std::list<Question> questions_;  // they withdraw before the resolver goes
};

}  // namespace sluice::proxy
