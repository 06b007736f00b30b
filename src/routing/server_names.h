// SPDX-License-Identifier: MIT
// Host -> server among those of one listen address: exact name, longest wildcard at the front,
// longest wildcard at the end, first regex, the default server (nginx, "Server names").
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "confparse/settings/server.h"
#include "routing/locations.h"

namespace sluice::routing {

class ServerNames {
 public:
  // `servers` in configuration order; `default_server` indexes into it.  They must outlive this.
  // Throws ConfigError for a bad regex or a bad wildcard.
  ServerNames(const std::vector<const confparse::ServerBlock*>& servers,
              std::size_t default_server);
  ~ServerNames();
  ServerNames(ServerNames&&) noexcept;
  ServerNames& operator=(ServerNames&&) noexcept;

  // `host` is normalised (lower case, no port); empty when the client sent none.  Index into
  // servers.
  [[nodiscard]] std::size_t find(std::string_view host, Captures& captures) const;

 private:
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

}  // namespace sluice::routing
