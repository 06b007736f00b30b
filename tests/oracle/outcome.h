// SPDX-License-Identifier: MIT
// What came of a row, as text that can be compared and written down:
//
//   HTTP/1.1 404 Not Found
//   Content-Type: text/html
//   Content-Length: *
//   Connection: keep-alive
//   body: page 404 Not Found
//   end: kept
//   peer: GET /x HTTP/1.0\r\nHost: PEER\r\n...
//
// Left out: a Server that names nginx or sluice and a Date that is one.  Made equal: both names
// with their versions (SERVER), ports and folders (LISTEN, PEER, FOLDER ...), and the length of a
// page that has the name at its foot.  Everything else is as it was, the order of headers too (but
// a Location before Connection stands behind it).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/oracle/conversation.h"

namespace sluice::tests::oracle {

using Replacements = std::vector<std::pair<std::string, std::string>>;

std::string outcome_of(const Conversation& conversation, const std::vector<std::string>& to_peers,
                       const std::vector<std::string>& log_lines, const Replacements& names);

// The text with every first replaced by its second.
std::string replace_all(std::string text, const Replacements& names);

// The outcome of a request that is refused with a page, closes the connection and reaches no peer.
std::string refused(const std::string& status);

// The outcome of a request that the peer got as this, and answered with 200 and nothing.
std::string passed(const std::string& to_peer);

}  // namespace sluice::tests::oracle
