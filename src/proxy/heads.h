// SPDX-License-Identifier: MIT
// The two heads an exchange writes: the request as a peer gets it, the answer as the client does.
// Both are put together anew, never passed through as bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/head.h"
#include "proxy/location.h"
#include "routing/facts.h"

namespace sluice::proxy {

// How the body travels behind a head.
struct BodyPlan {
  enum class Kind : std::uint8_t { none, length, chunked, until_close };
  Kind kind = Kind::none;
  std::uint64_t length = 0;
};

// Appends the request head for a peer.  Order as in nginx: the configured headers, Host and
// Connection unless configured, the body's length, then what the client sent.
void append_peer_head(std::string& out, const routing::Facts& facts, const ProxyPass& pass,
                      const confparse::ProxySettings& settings, const BodyPlan& body);

// What an answer says about the connection it travels on.
struct ClientConnection {
  std::uint8_t minor = 1;  // of the request; the answer is HTTP/1.1 in any case, as nginx's is
  bool keep_alive = false;
  std::optional<std::chrono::seconds> keep_alive_header;  // `Keep-Alive: timeout=N`
};

// Appends the head of an answer that came from a peer.
void append_answer_head(std::string& out, const http::AnswerHead& answer, const BodyPlan& body,
                        const ClientConnection& connection, std::string_view server,
                        std::string_view date);

// The head of an answer made here.
struct OwnAnswer {
  std::uint16_t status = 200;
  std::string_view content_type = {};   // empty: no such header
  std::string_view location = {};       // of a redirect; empty: no such header
  std::string_view last_modified = {};  // of a file, with its entity tag
  std::string_view entity_tag = {};
};
void append_own_head(std::string& out, const OwnAnswer& answer, const BodyPlan& body,
                     const ClientConnection& connection, std::string_view server,
                     std::string_view date);

}  // namespace sluice::proxy
