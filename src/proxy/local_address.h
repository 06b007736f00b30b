// SPDX-License-Identifier: MIT
// `proxy_bind`: the address that connections to peers come from.
#pragma once

#include <optional>

#include "confparse/settings/proxy.h"
#include "net/address.h"
#include "routing/facts.h"
#include "routing/template.h"
#include "routing/variables.h"

namespace sluice::proxy {

class LocalAddress {
 public:
  // Throws confparse::ConfigError.
  LocalAddress(const confparse::LocalAddress& setting, routing::VariableTable& variables);

  // Nothing when the text of this exchange is empty, or no address: then `invalid` is set to it.
  [[nodiscard]] std::optional<net::Address> find(const routing::Facts& facts,
                                                 std::string& invalid) const;
  // Each exchange may come from somewhere else, so none may use a connection of another.
  [[nodiscard]] bool varies() const { return !constant_; }
  [[nodiscard]] bool transparent() const { return transparent_; }

 private:
  routing::Template text_;
  std::optional<net::Address> constant_;
  bool transparent_;
};

}  // namespace sluice::proxy
