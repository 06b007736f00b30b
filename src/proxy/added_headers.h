// SPDX-License-Identifier: MIT
// add_header and expires, compiled: what the configuration adds to the answers of a location,
// whoever made them.  Built once per generation, read by all workers.
#pragma once

#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "confparse/settings/headers.h"
#include "http/head.h"
#include "routing/facts.h"
#include "routing/template.h"
#include "routing/variables.h"

namespace sluice::proxy {

class AddedHeaders {
 public:
  AddedHeaders() = default;
  // Throws confparse::ConfigError.
  AddedHeaders(const confparse::HeaderSettings& settings, const routing::VariableTable& variables);

  // Does nothing happen here?  Asked first, so that the usual answer costs nothing.
  [[nodiscard]] bool empty() const { return headers_.empty() && !expires_.may_apply(); }

  // The headers of the answer itself that others take the place of.
  struct Replaced {
    bool last_modified = false;
    bool etag = false;
    bool cache_control = false;  // and Expires

    [[nodiscard]] bool has(http::HeaderId id) const;
  };
  [[nodiscard]] Replaced replaced(std::uint16_t status, const routing::Facts& facts) const;

  // Appends the headers to `out`, where the head of the answer stands from `begin` on:
  // $sent_http_* sees it.  `last_modified` as in the answer, or empty.
  void append_to(std::string& out, std::size_t begin, std::uint16_t status,
                 std::string_view last_modified, const routing::Facts& facts) const;

 private:
  struct Added {
    std::string name;
    http::HeaderId id;
    routing::Template value;
    bool always;
  };

  // `expires`.
  struct Expires {
    confparse::ExpiresSetting setting;
    routing::Template text;  // of Kind::variable

    [[nodiscard]] bool may_apply() const {
      return setting.kind != confparse::ExpiresSetting::Kind::off;
    }
    // With a variable put in its place.
    [[nodiscard]] confparse::ExpiresSetting now(const routing::Facts& facts) const;
  };
  void append_expires(std::string& out, std::string_view last_modified,
                      const routing::Facts& facts) const;

  std::vector<Added> headers_;
  Expires expires_;
};

}  // namespace sluice::proxy
