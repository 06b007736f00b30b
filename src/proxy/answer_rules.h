// SPDX-License-Identifier: MIT
// What becomes of the headers of a peer's answer: the proxy_* directives about them, compiled.
// Built once per generation, read by all workers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "confparse/settings/proxy.h"
#include "http/head.h"
#include "proxy/cookie_rules.h"
#include "proxy/rewrite.h"

namespace sluice::proxy {

struct AnswerRules {
  enum class Fate : std::uint8_t {
    pass,
    drop,      // hidden, or about the peer's connection, or written by us
    first,     // Content-Type: passed on before the others
    upgrade,   // passed on where it says what an upgrade is to, or could be to: 101, 426
    location,  // by `redirects`
    refresh,   // the same behind its `url=`
    cookie,    // by `cookies`
  };
  std::array<Fate, http::kHeaderIds> fates{};  // by HeaderId; of `other`: pass
  std::vector<std::string> hidden;             // of those without an id
  std::vector<Rewrite> redirects;
  CookieRules cookies;
  confparse::IgnoredHeaders ignored;
  bool passes_trailers = false;
  bool forces_ranges = false;

  [[nodiscard]] Fate fate(http::HeaderId id) const { return fates[static_cast<std::size_t>(id)]; }
  // Is a header without an id hidden?
  [[nodiscard]] bool hides(std::string_view name) const;
};

// `implied`: what `proxy_redirect default` stands for; none where proxy_pass has variables.
// Throws confparse::ConfigError.
AnswerRules make_answer_rules(const confparse::ProxySettings& settings,
                              const std::optional<confparse::ValueRewrite>& implied,
                              routing::VariableTable& variables);

// What an answer asks of the proxy itself, as far as proxy_ignore_headers lets it.
struct PeerWishes {
  std::optional<bool> buffering;            // X-Accel-Buffering
  std::optional<std::uint64_t> limit_rate;  // X-Accel-Limit-Rate: bytes a second, 0: no limit
  std::string_view redirect;                // X-Accel-Redirect; a view into the answer's head
};
PeerWishes wishes_of(const http::AnswerHead& answer, const AnswerRules& rules);

}  // namespace sluice::proxy
