// SPDX-License-Identifier: MIT
// Host -> server among those of one listen address: exact name, longest wildcard at the front,
// longest wildcard at the end, first regex, the default server (nginx, "Server names").
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "confparse/settings/server.h"
#include "routing/captures.h"
#include "routing/variables.h"

namespace sluice::routing {

class ServerNames {
 public:
  // `servers` in configuration order; `default_server` indexes into it.  Named groups of the
  // regexes become variables.  Of two servers with one name the first has it.  Throws ConfigError
  // for a bad regex or a bad wildcard.
  ServerNames(const std::vector<const confparse::ServerBlock*>& servers, std::size_t default_server,
              VariableTable& variables);
  ~ServerNames();
  ServerNames(ServerNames&&) noexcept;
  ServerNames& operator=(ServerNames&&) noexcept;

  // `host` is normalised (lower case, no port); empty when the client sent none.  Index into
  // servers.  Fills `captures` when a regex matched, with views into `host`; else leaves it alone.
  std::size_t find(std::string_view host, Captures& captures) const;

 private:
  class Tables;
  std::unique_ptr<Tables> tables_;
};

}  // namespace sluice::routing
