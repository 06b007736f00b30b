// SPDX-License-Identifier: MIT
// The client of a row: sends its bytes, reads the answers, and finds out whether the connection is
// kept.  It waits for no time to pass: a kept connection answers one line more.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/oracle/pair.h"

namespace sluice::tests::oracle {

struct Answer {
  std::string head;  // without the blank line; empty: there was none, all is body
  std::string body;  // without its framing
  bool complete = true;
};

// The answer at the start of `bytes`, and what follows it stays there.  Nothing: more must come;
// `ended`: no more will.
std::optional<Answer> take_answer(std::string& bytes, bool to_head, bool ended);

struct Conversation {
  std::vector<Answer> answers;  // interim ones (1xx) too
  std::string end;              // "kept", "closed", or what else happened
  std::string client_port;
};

Conversation converse(const std::string& address, const Pair& pair,
                      const std::vector<std::string>& sent);

}  // namespace sluice::tests::oracle
