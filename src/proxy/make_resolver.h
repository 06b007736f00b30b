// SPDX-License-Identifier: MIT
// `resolver` as configured becomes what net::Resolver takes.
#pragma once

#include "confparse/settings/resolver.h"
#include "net/resolver.h"

namespace sluice::proxy {

// Name servers given by name are looked up, which blocks: `resolve` false leaves them out.
// Throws confparse::ConfigError when one has no address.
net::ResolverOptions resolver_options(const confparse::ResolverSettings& settings, bool resolve);

}  // namespace sluice::proxy
