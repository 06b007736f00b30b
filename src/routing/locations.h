// SPDX-License-Identifier: MIT
// Path -> location: exact, then the longest prefix, then regexes in order
// (ngx_http_core_find_location).
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "confparse/settings/location.h"
#include "routing/captures.h"
#include "routing/variables.h"

namespace sluice::routing {

class Locations {
 public:
  // Compiles a server's locations.  `blocks` must outlive this.  Named groups of the regexes
  // become variables.  Throws ConfigError for a bad regex.
  Locations(const std::vector<confparse::LocationBlock>& blocks, VariableTable& variables);
  ~Locations();
  Locations(Locations&&) noexcept;
  Locations& operator=(Locations&&) noexcept;

  // The location for a normalised path, or nullptr: the server's own settings apply.  Fills
  // `captures` when a regex matched, with views into `path`; else leaves it alone, so that what the
  // regex of a server's name caught stays, as in nginx.
  const confparse::LocationBlock* find(std::string_view path, Captures& captures) const;
  // Was it found for its path without the final slash?  A location that proxies is, as in nginx:
  // the client is then redirected to the path with the slash.
  static bool lacks_slash(const confparse::LocationBlock& found, std::string_view path);
  // location @name, or nullptr.
  [[nodiscard]] const confparse::LocationBlock* find_named(std::string_view name) const;

 private:
  class Level;
  std::unique_ptr<Level> top_;
};

}  // namespace sluice::routing
