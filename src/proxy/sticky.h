// SPDX-License-Identifier: MIT
// `sticky`: which peer is this request bound to, and how does its client learn that?
//
// The texts of one upstream's `sticky` line, made ready.  A peer is named by its route
// (upstream::Endpoint::route); for `learn` the upstream remembers whose session is whose.
// Made once per generation, read by all workers.
#pragma once

#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "confparse/settings/upstream.h"
#include "routing/facts.h"
#include "routing/template.h"
#include "routing/variables.h"
#include "upstream/upstream.h"

namespace sluice::proxy {

class Sticky {
 public:
  // Throws confparse::ConfigError.
  Sticky(const confparse::StickySettings& settings, const routing::VariableTable& variables);

  // The route of the peer this request is bound to; empty: it is free.  Lives in `storage`.
  std::string_view find_route(const routing::Facts& facts, upstream::Upstream& upstream,
                              std::string& storage) const;
  // `sticky cookie`: the line for the head of the answer.
  void append_cookie(std::string& out, const upstream::Endpoint& peer,
                     const routing::Facts& facts) const;
  // `sticky learn`: the head of this peer's answer is there, or all of it.
  [[nodiscard]] bool learns_at_head() const { return settings_.at_head; }
  void learn(const routing::Facts& facts, upstream::Upstream& upstream,
             const upstream::Endpoint& peer) const;

 private:
  using Variables = std::vector<routing::Variable>;

  const confparse::StickySettings settings_;
  Variables lookup_;
  Variables create_;
  routing::Template domain_;
  routing::Template same_site_;
};

// Null when the upstream has no `sticky`.
std::shared_ptr<const Sticky> make_sticky(const upstream::Upstream& upstream,
                                          const routing::VariableTable& variables);

}  // namespace sluice::proxy
