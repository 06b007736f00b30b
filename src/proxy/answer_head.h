// SPDX-License-Identifier: MIT
// The head of a peer's answer as the client gets it.
#pragma once

#include <string>

#include "http/head.h"
#include "proxy/heads.h"
#include "proxy/location.h"
#include "routing/facts.h"

namespace sluice::proxy {

// `location` has a proxy_pass; `facts` are for the texts of its rules.  Order as in nginx: Server,
// Date, Content-Type, the framing, Connection, then what the peer sent.
void append_answer_head(std::string& out, const http::AnswerHead& answer, const AnswerFrame& frame,
                        const Location& location, const routing::Facts& facts);

// Appends one header of a peer's answer with this status by the rules of the location, or nothing.
void append_passed_header(std::string& out, const http::Header& header, std::uint16_t status,
                          const Location& location, const routing::Facts& facts);

}  // namespace sluice::proxy
