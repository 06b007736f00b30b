// SPDX-License-Identifier: MIT
// `proxy_pass` and what the proxy_* directives around it say become a ProxyPass: once, while a
// generation is made.  What can be decided here is not decided for each request.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "confparse/settings/location.h"
#include "proxy/location.h"
#include "proxy/proxy_pass.h"
#include "routing/variables.h"

namespace sluice::proxy {

// The group of peers a target names.
struct FoundUpstream {
  std::shared_ptr<upstream::Upstream> upstream;
  bool is_configured = false;  // by an upstream block; else it is implied by an address
};

// What the generation in the making lends to it.
struct PassMaking {
  routing::VariableTable& variables;
  const NamedUpstreams& named;  // complete once the generation is
  const confparse::ResolverSettings& resolver;
  bool resolve;  // may names of name servers be looked up now?
  // Finds the group, or makes one with this address as its only server.
  std::function<FoundUpstream(const PassTarget& target, const confparse::Position& position)>
      find_upstream;
};

// `prefix` is the location's path, empty when it has none.  Throws confparse::ConfigError.
ProxyPass make_proxy_pass(const confparse::Text& target, const confparse::ProxySettings& settings,
                          std::string_view prefix, const PassMaking& making);

}  // namespace sluice::proxy
