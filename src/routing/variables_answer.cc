// SPDX-License-Identifier: MIT
// Variables of the answer as the client got it, and of the time: what logs are made of.
#include <cassert>

#include "routing/variable_rows.h"

namespace sluice::routing {
namespace {

using std::chrono::duration_cast;
using std::chrono::system_clock;

bool append_status(std::string& out, const Facts& facts, const Variable&) {
  append_three_digits(out, facts.status);
  return true;
}

bool append_request_time(std::string& out, const Facts& facts, const Variable&) {
  append_seconds(out, duration_cast<Milliseconds>(facts.steady_now - facts.began));
  return true;
}

bool append_msec(std::string& out, const Facts& facts, const Variable&) {
  append_seconds(out, duration_cast<Milliseconds>(facts.now.time_since_epoch()));
  return true;
}

bool append_time_local(std::string& out, const Facts& facts, const Variable&) {
  assert(facts.dates != nullptr);
  out += facts.dates->local_time(system_clock::to_time_t(facts.now));
  return true;
}

bool append_time_iso8601(std::string& out, const Facts& facts, const Variable&) {
  assert(facts.dates != nullptr);
  out += facts.dates->iso8601(system_clock::to_time_t(facts.now));
  return true;
}

// The head is our own writing, "Name: value\r\n": no blanks to trim but the one after the colon.
bool append_sent_http(std::string& out, const Facts& facts, const Variable& self) {
  bool found = false;
  std::string_view rest = facts.sent_head;
  rest.remove_prefix(std::min(rest.find('\n'), rest.size()));  // the status line
  while (rest.size() > 1) {
    rest.remove_prefix(1);
    const auto end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end);
    if (line.ends_with('\r')) line.remove_suffix(1);

    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    if (!is_header_called(line.substr(0, colon), self.detail)) continue;
    line.remove_prefix(std::min(line.find_first_not_of(' ', colon + 1), line.size()));
    if (found) out += ", ";
    out += line;
    found = true;
  }
  return found;
}

bool append_pipe(std::string& out, const Facts& facts, const Variable&) {
  out += facts.connection != nullptr && facts.connection->pipelined ? 'p' : '.';
  return true;
}

constexpr VariableRow kRows[] = {
    {"body_bytes_sent", number_of<&Facts::body_bytes_sent>},
    {"bytes_sent", number_of<&Facts::bytes_sent>},
    {"gzip_ratio", append_nothing},
    {"limit_rate", number_of<&Facts::limit_rate>},
    {"msec", append_msec},
    {"pipe", append_pipe},
    {"request_time", append_request_time},
    {"sent_http_", append_sent_http},
    {"sent_trailer_", append_nothing},
    {"status", append_status},
    {"time_iso8601", append_time_iso8601},
    {"time_local", append_time_local},
};

}  // namespace

std::span<const VariableRow> answer_variables() {
  return kRows;
}

}  // namespace sluice::routing
