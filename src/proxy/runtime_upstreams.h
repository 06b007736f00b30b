// SPDX-License-Identifier: MIT
// The upstreams that requests imply: one worker's, of the names one resolver found.
//
// A peer keeps its health from request to request as a configured one does.  Whoever chooses the
// names chooses how many there are, so the least recently used go.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "net/resolver.h"
#include "upstream/upstream.h"

namespace sluice::proxy {

struct TargetParts;

class RuntimeUpstreams {
 public:
  static constexpr std::size_t kMost = 1024;

  RuntimeUpstreams(net::Loop& loop, const net::ResolverOptions& options)
      : options_(options), resolver_(loop, options) {}

  [[nodiscard]] const net::ResolverOptions& options() const { return options_; }
  [[nodiscard]] net::Resolver& resolver() { return resolver_; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  // The upstream of an address, or of a name whose addresses are still valid; else null.
  std::shared_ptr<upstream::Upstream> find(const TargetParts& target, net::SteadyTime now);
  // The upstream of a name that was just resolved.
  std::shared_ptr<upstream::Upstream> put(const TargetParts& target, const net::Resolved& resolved);

 private:
  struct Entry {
    std::string authority;
    std::vector<net::Address> addresses;
    std::shared_ptr<upstream::Upstream> upstream;
    net::SteadyTime valid_until{};
  };

  std::shared_ptr<upstream::Upstream> put(std::string_view authority,
                                          std::vector<net::Address> addresses,
                                          net::SteadyTime valid_until);

  const net::ResolverOptions options_;
  std::list<Entry> entries_;  // the last used at the front
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_authority_;
  net::Resolver resolver_;
};

}  // namespace sluice::proxy
