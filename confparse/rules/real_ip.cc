// SPDX-License-Identifier: MIT
// Clients behind another proxy: set_real_ip_from, real_ip_header, real_ip_recursive.
#include <array>

#include "confparse/network.h"
#include "confparse/rules/setters.h"

namespace sluice::confparse {
namespace {

void add_network(Line& line) {
  RealIpSettings& settings = line.part<RealIpSettings>();
  if (line.scope().first_use(&settings.from)) {
    settings.from.clear();
    settings.names.clear();
  }
  const auto parsed = parse_network(line.word(0));
  if (!parsed) {
    settings.names.push_back(line.text(0));
    return;
  }
  if (parsed->lost_bits) {
    line.warn(line.text(0).position, "low address bits of " + line.word(0) + " are meaningless");
  }
  settings.from.push_back(parsed->network);
}

void set_header(Line& line) {
  if (line.word(0) == "proxy_protocol") {
    line.fail_at(0, "\"proxy_protocol\" of \"real_ip_header\" is not supported by sluice yet");
  }
  line.part<RealIpSettings>().header = line.word(0);
}

constexpr std::array kRules{
    Rule{"real_ip_header", kAnyHttp, takes(1), set_header, 0, "X-Real-IP"},
    Rule{"real_ip_recursive", kAnyHttp, takes(1), flag<&RealIpSettings::recursive>},
    Rule{"set_real_ip_from", kAnyHttp, takes(1), add_network, kRepeats},
};

}  // namespace

std::span<const Rule> real_ip_rules() {
  return kRules;
}

}  // namespace sluice::confparse
