// SPDX-License-Identifier: MIT
// Whom does a client speak for?  Another proxy in front of us says so in a header; it is believed
// when its address is one of those the configuration trusts (nginx's realip module).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "confparse/settings/real_ip.h"
#include "http/head.h"
#include "routing/facts.h"

namespace sluice::routing {

class RealIp {
 public:
  RealIp(std::vector<confparse::Network> trusted, std::string_view header, bool recursive);

  // The last address of the header; `recursive`: the last one that is not trusted itself.  Nothing
  // when `remote` is not trusted, or the header says nothing that is an address.
  [[nodiscard]] std::optional<Endpoint> find(const Endpoint& remote,
                                             const http::Headers& headers) const;

 private:
  struct Search;

  [[nodiscard]] bool is_trusted(const Endpoint& client) const;
  void follow(Search& search, std::string_view list) const;

  std::vector<confparse::Network> trusted_;
  std::string header_;
  http::HeaderId id_;
  bool recursive_;
};

}  // namespace sluice::routing
