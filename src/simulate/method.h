// SPDX-License-Identifier: MIT
// Balancing methods as a person names them: "round_robin", "hash $request_uri consistent".
#pragma once

#include <string>
#include <vector>

#include "confparse/settings/upstream.h"

namespace sluice::simulate {

// The same upstream with another method.  Throws Error when there is no such method, when its words
// are wrong, or when it cannot have the upstream's backup servers.
confparse::UpstreamSettings with_method(confparse::UpstreamSettings upstream,
                                        const std::string& method);

// "hash $request_uri consistent"; "round_robin" when the upstream names none.
std::string method_name(const confparse::UpstreamSettings& upstream);

}  // namespace sluice::simulate
