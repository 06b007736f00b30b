// SPDX-License-Identifier: MIT
// Where the client thinks it is: what a redirect to a path of ours begins with.
#pragma once

#include <string>

#include "confparse/settings/location.h"
#include "routing/facts.h"

namespace sluice::proxy {

// Appends "http://example.com:8080": the client's Host, or the server's name with
// `server_name_in_redirect`; the port unless it is the scheme's, or `port_in_redirect` is off.
void append_origin(std::string& out, const confparse::LocationSettings& settings,
                   const routing::Facts& facts);

}  // namespace sluice::proxy
