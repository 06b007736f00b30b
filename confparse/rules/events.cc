// SPDX-License-Identifier: MIT
// The events context.
#include <array>

#include "confparse/rules/setters.h"
#include "confparse/values.h"

namespace sluice::confparse {
namespace {

void enter_events(Line& line) {
  Scope scope{line.scope().loading, kEvents};
  scope.events = &scope.loading.settings.events;
  apply_block(line.directive().children, scope);
}

void set_worker_connections(Line& line) {
  const auto number = parse_number(line.word(0));
  if (!number) {
    line.fail_at(0, "invalid number \"" + line.word(0) + "\"",
                 "expected a whole number, as in \"1024\"");
  }
  if (*number == 0) {
    line.fail_at(0, "0 worker_connections are not enough", "a client needs one, its peer another");
  }
  line.part<EventsSettings>().worker_connections = clamped<std::uint32_t>(*number);
}

void check_use(Line& line) {
  constexpr std::array<std::string_view, 4> kMethods{"epoll", "poll", "select", "eventport"};
  if (std::ranges::find(kMethods, line.word(0)) == kMethods.end()) {
    line.fail_at(0, "invalid event type \"" + line.word(0) + "\"", "expected \"epoll\"");
  }
}

constexpr std::array kRules{
    Rule{"events", kMain, block(0), enter_events, kEnters},
    Rule{"worker_connections", kEvents, takes(1), set_worker_connections, 0, "512"},
    without_effect("multi_accept", kEvents, takes(1), checked_flag),
    without_effect("use", kEvents, takes(1), check_use),
    without_effect("accept_mutex", kEvents, takes(1), checked_flag),
    without_effect("accept_mutex_delay", kEvents, takes(1), checked_duration),
    without_effect("worker_aio_requests", kEvents, takes(1), checked_number),
};

}  // namespace

std::span<const Rule> events_rules() {
  return kRules;
}

}  // namespace sluice::confparse
