// SPDX-License-Identifier: MIT
// The head of a request as a peer gets it.
#pragma once

#include <string>

#include "http/head.h"
#include "proxy/heads.h"
#include "proxy/location.h"
#include "routing/facts.h"

namespace sluice::proxy {

// Order as in nginx: the configured headers, Host and Connection unless configured, the body's
// length, then what the client sent.
void append_peer_head(std::string& out, const routing::Facts& facts, const ProxyPass& pass,
                      const confparse::ProxySettings& settings, const BodyPlan& body);

// The method a peer is asked with, as far as its answer's framing depends on it.
http::Method peer_method(const routing::Facts& facts, const ProxyPass& pass);

}  // namespace sluice::proxy
