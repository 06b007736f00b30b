// SPDX-License-Identifier: MIT
// May this client ask again on its connection, as far as the configuration goes?  In the order of
// nginx's ngx_http_update_location_config.
#pragma once

#include "confparse/settings/location.h"
#include "http/head.h"
#include "net/deadlines.h"
#include "routing/facts.h"

namespace sluice::proxy {

// keepalive_timeout, keepalive_requests, keepalive_time and keepalive_disable.  The present request
// is counted already.
bool may_ask_again(const http::RequestHead& request, const routing::ConnectionFacts& connection,
                   const confparse::CoreSettings& settings, net::SteadyTime now);

}  // namespace sluice::proxy
