// SPDX-License-Identifier: MIT
// Header fields behind the last chunk of a peer's answer: which of them the client gets.
#pragma once

#include <string>
#include <string_view>

#include "http/head.h"
#include "proxy/answer_rules.h"

namespace sluice::proxy {

// Has the client said `TE: trailers`?  (RFC 9110, section 10.1.4)
bool takes_trailers(const http::RequestHead& request);

// Appends those fields of `section` (http::ChunkFraming::keep_trailers) that may stand in trailers
// at all and that the rules do not hide.
void append_trailers(std::string& out, std::string_view section, const AnswerRules& rules);

// The Trailer headers of the answer, which say what will come.
void append_announced_trailers(std::string& out, const http::AnswerHead& answer);

}  // namespace sluice::proxy
