// SPDX-License-Identifier: MIT
// What of a peer's answer goes on when X-Accel-Redirect lets another location answer: some of its
// headers to the client, all of them to $upstream_http_*.
#pragma once

#include <string>
#include <string_view>

#include "http/head.h"
#include "proxy/location.h"
#include "routing/facts.h"

namespace sluice::proxy {

class Carried {
 public:
  void clear();
  // Keeps a copy, as the peer's connection goes on to others.
  void take(const http::AnswerHead& answer, const Location& location, const routing::Facts& facts);

  // One more line for every later answer.
  [[nodiscard]] std::string& more_lines() { return lines_; }

  // The header lines that every later answer has as well: Set-Cookie, Content-Disposition; and
  // those that `expires` would take the place of.
  [[nodiscard]] std::string_view lines() const { return lines_; }
  [[nodiscard]] std::string_view caching_lines() const { return caching_lines_; }
  // Of a file that is sent instead; empty: the file's own.
  [[nodiscard]] std::string_view content_type() const {
    return answer_.headers.value(http::HeaderId::content_type);
  }
  // Is there an Accept-Ranges among the lines?
  [[nodiscard]] bool tells_ranges() const {
    return answer_.headers.find("Accept-Ranges") != nullptr;
  }
  // Where to; valid until the next take().
  [[nodiscard]] const std::string& target() const { return target_; }
  // Valid until the next take().
  [[nodiscard]] const http::AnswerHead& answer() const { return answer_; }

 private:
  std::string lines_;
  std::string caching_lines_;
  std::string target_;
  std::string storage_;
  http::AnswerHead answer_;  // views into storage_
};

}  // namespace sluice::proxy
