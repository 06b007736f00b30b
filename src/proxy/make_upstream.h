// SPDX-License-Identifier: MIT
// An upstream block becomes an Upstream: names are looked up, peers are made.
#pragma once

#include <memory>
#include <vector>

#include "confparse/error.h"
#include "upstream/upstream.h"

namespace sluice::proxy {

struct MadeUpstream {
  std::shared_ptr<upstream::Upstream> upstream;
  std::vector<std::size_t> unresolved;  // server lines whose names have no address now
  std::vector<confparse::Warning> warnings;
};

// `resolve` false: names are left unresolved without a word.  Throws confparse::ConfigError.
MadeUpstream make_upstream(const confparse::UpstreamSettings& settings, std::uint16_t default_port,
                           bool resolve);

// The addresses of one server line now; none for a name that does not resolve.
std::vector<net::Address> addresses_of(const confparse::UpstreamServer& server,
                                       std::uint16_t default_port, bool resolve,
                                       std::string& trouble);

// Would the two make the same peers with the same method?  Positions do not count.
bool is_same_upstream(const confparse::UpstreamSettings& left,
                      const confparse::UpstreamSettings& right);

}  // namespace sluice::proxy
