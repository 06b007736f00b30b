// SPDX-License-Identifier: MIT
// Path -> location: exact, then the longest prefix, then regexes in order
// (ngx_http_core_find_location).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "confparse/settings/location.h"

namespace sluice::routing {

// Captures of a regex: [0] the whole match.  Reused from request to request.
using Captures = std::vector<std::string_view>;

class Locations {
 public:
  // Compiles a server's locations.  `blocks` must outlive this.  Throws ConfigError for a bad
  // regex.
  explicit Locations(const std::vector<confparse::LocationBlock>& blocks);
  ~Locations();
  Locations(Locations&&) noexcept;
  Locations& operator=(Locations&&) noexcept;

  // The location for a normalised path, or nullptr: the server's own settings apply.  Fills
  // `captures` when a regex matched, with views into `path`; else leaves it empty.
  const confparse::LocationBlock* find(std::string_view path, Captures& captures) const;
  // location @name, or nullptr.
  [[nodiscard]] const confparse::LocationBlock* find_named(std::string_view name) const;

 private:
  struct Level;
  std::unique_ptr<Level> top_;
};

}  // namespace sluice::routing
