// SPDX-License-Identifier: MIT
// How long a client's connection goes on, and how it ends.
#include <array>

#include "confparse/rules/setters.h"
#include "confparse/values.h"

namespace sluice::confparse {
namespace {

void set_keepalive_timeout(Line& line) {
  auto& core = line.part<CoreSettings>();
  core.keepalive_timeout = line.duration(0);
  core.keepalive_header.reset();
  if (line.size() > 1) {
    const auto header = parse_seconds(line.word(1));
    if (!header) {
      line.invalid_value(1, "expected a time in seconds, as in \"30s\"");
    }
    core.keepalive_header = *header;
  }
}

void set_keepalive_disable(Line& line) {
  constexpr std::array<std::string_view, 3> kBrowsers{"none", "msie6", "safari"};
  std::array<bool, kBrowsers.size()> named{};
  for (std::size_t i = 0; i < line.size(); ++i) {
    bool& seen = named[line.choice(i, kBrowsers)];
    if (seen) {
      line.warn(line.text(i).position, "duplicate value \"" + line.word(i) + "\"");
    }
    seen = true;
  }
  line.part<CoreSettings>().keepalive_disable = {.msie6 = named[1], .safari = named[2]};
}

void set_lingering_close(Line& line) {
  constexpr std::array<std::string_view, 3> kChoices{"off", "on", "always"};
  line.part<CoreSettings>().lingering_close = static_cast<LingeringClose>(line.choice(0, kChoices));
}

constexpr std::array kRules{
    Rule{"keepalive_timeout", kAnyHttp, takes(1, 2), set_keepalive_timeout, 0, "75s"},
    Rule{"keepalive_requests", kAnyHttp, takes(1), number<&CoreSettings::keepalive_requests>},
    Rule{"keepalive_time", kAnyHttp, takes(1), duration<&CoreSettings::keepalive_time>},
    Rule{"keepalive_disable", kAnyHttp, takes(1, 2), set_keepalive_disable, 0, "msie6"},
    Rule{"lingering_close", kAnyHttp, takes(1), set_lingering_close, 0, "on"},
    Rule{"lingering_time", kAnyHttp, takes(1), duration<&CoreSettings::lingering_time>},
    Rule{"lingering_timeout", kAnyHttp, takes(1), duration<&CoreSettings::lingering_timeout>},
    Rule{"reset_timedout_connection", kAnyHttp, takes(1),
         flag<&CoreSettings::reset_timedout_connection>},
};

}  // namespace

std::span<const Rule> keep_alive_rules() {
  return kRules;
}

}  // namespace sluice::confparse
