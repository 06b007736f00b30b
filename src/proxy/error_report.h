// SPDX-License-Identifier: MIT
// What the error log says of an exchange, in nginx's words: the trouble, then the client, server,
// request and peer it befell.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "log/error_log.h"
#include "proxy/failure.h"
#include "routing/facts.h"
#include "upstream/upstream.h"

namespace sluice::proxy {

void report_failure(const log::ErrorLog& log, const Failure& failure, const routing::Facts& facts,
                    std::string_view peer);
// A request whose head was refused: "client sent invalid header line: …".
void report_refusal(const log::ErrorLog& log, std::string_view reason, const routing::Facts& facts);
// Anything else worth a line, with the same circumstances.
void report_notice(const log::ErrorLog& log, log::Level level, std::string_view what,
                   const routing::Facts& facts);

// A peer rests, or is back: why, and since when.
struct Health {
  std::string_view peer;
  std::string_view upstream;
  upstream::HealthChange change;
  Failure failure;                                // the last; none: the answer's status was one
  std::uint16_t status = 0;                       // of the last answer
  std::chrono::system_clock::time_point since{};  // its rest began
};
void report_health(const log::ErrorLog& log, const Health& health, const routing::Facts& facts);

}  // namespace sluice::proxy
