// SPDX-License-Identifier: MIT
// Reads a head in every way it can arrive, and expects the same of each.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "http/parser.h"
#include "tests/support/cut_everywhere.h"

namespace sluice::tests {

// What a parser made of its bytes, copied.  `head` is a text that holds all of it.
struct Outcome {
  http::Progress progress = http::Progress::incomplete;
  std::uint16_t status = 0;  // of a refusal; 0: none
  std::string reason;
  std::string head;

  bool operator==(const Outcome&) const = default;
};

inline void PrintTo(const Outcome& outcome, std::ostream* out) {
  *out << static_cast<int>(outcome.progress) << ' ' << outcome.status << ' ' << outcome.reason
       << '\n'
       << outcome.head;
}

inline std::string describe(const http::Framing& body) {
  constexpr const char* kNames[] = {"none", "length", "chunked", "until close"};
  const std::string name = kNames[static_cast<std::size_t>(body.kind)];
  return body.kind == http::Framing::Kind::length ? name + " " + std::to_string(body.length) : name;
}

inline std::string describe(const http::Headers& headers) {
  std::string text;
  for (const http::Header& header : headers) {
    text.append(header.name).append("=").append(header.value).append(";");
  }
  return text;
}

inline std::string describe(const http::RequestHead& head) {
  std::string text;
  text.append(head.method_name).append(" ").append(head.target);
  if (!head.authority.empty()) text.append(" at ").append(head.authority);
  text.append(" 1.")
      .append(std::to_string(head.minor))
      .append(" | ")
      .append(describe(head.headers));
  text.append(" | body ").append(describe(head.body));
  if (head.keep_alive) text.append(", keep");
  if (head.expects_continue) text.append(", continue");
  if (head.wants_upgrade) text.append(", upgrade");
  return text.append(", ").append(std::to_string(head.size)).append(" bytes");
}

inline std::string describe(const http::AnswerHead& head) {
  std::string text = std::to_string(head.status);
  text.append(" '").append(head.status_line).append("' 1.").append(std::to_string(head.minor));
  text.append(" | ").append(describe(head.headers)).append(" | body ").append(describe(head.body));
  if (head.keep_alive) text.append(", keep");
  return text.append(", ").append(std::to_string(head.size)).append(" bytes");
}

// The message arrives in parts that end at `ends`; the parser sees all that has come, each time at
// another address.
template <class Parser>
Outcome read_in_parts(Parser parser, std::string_view text, const std::vector<std::size_t>& ends) {
  for (const std::size_t end : ends) {
    const ExactCopy come{text.substr(0, end)};
    const http::Progress progress = parser.parse(come.view());
    if (progress == http::Progress::incomplete && end < text.size()) continue;
    Outcome outcome{progress, 0, {}, {}};
    if (progress == http::Progress::complete) outcome.head = describe(parser.head());
    if (progress == http::Progress::invalid) {
      outcome.status = parser.refusal().status;
      outcome.reason = parser.refusal().reason;
    }
    return outcome;
  }
  return {};
}

// `parser` is copied for each way.
template <class Parser>
Outcome read_everywhere(const Parser& parser, std::string_view text) {
  const Outcome whole = read_in_parts(parser, text, {text.size()});
  std::vector<std::size_t> all;
  for (const auto& [first, second] : cut_everywhere(text)) {
    EXPECT_EQ(read_in_parts(parser, text, {first.size(), text.size()}), whole)
        << "cut after " << first.size();
    all.push_back(first.size());
  }
  EXPECT_EQ(read_in_parts(parser, text, all), whole) << "byte by byte";
  return whole;
}

inline Outcome read_request(std::string_view text, http::HeaderRules rules = {}) {
  http::RequestParser parser;
  parser.restart(rules);
  return read_everywhere(parser, text);
}

inline Outcome read_answer(std::string_view text, http::Method to = http::Method::get) {
  http::AnswerParser parser;
  parser.restart(to);
  return read_everywhere(parser, text);
}

// A row of a table of inputs.
struct Input {
  const char* what;
  std::string_view text;
  std::uint16_t status;  // of the refusal; 0: accepted
};

}  // namespace sluice::tests
