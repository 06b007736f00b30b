// SPDX-License-Identifier: MIT
// What answers a request: return, try_files, proxy_pass.  Never inherited.
#include <array>

#include "confparse/address.h"
#include "confparse/rules/setters.h"
#include "confparse/values.h"

namespace sluice::confparse {
namespace {

constexpr std::uint64_t kLastStatus = 999;

bool is_url(std::string_view word) {
  return word.starts_with("http://") || word.starts_with("https://") || word.starts_with("$scheme");
}

// Several lines are allowed; the first one answers.
void set_return(Line& line) {
  ReturnSetting setting;
  const auto status = parse_number(line.word(0));
  if (status && *status <= kLastStatus) {
    setting.status = static_cast<std::uint16_t>(*status);
    if (line.size() > 1) {
      setting.text = line.text_with_variables(1);
    }
  } else if (line.size() == 1 && is_url(line.word(0))) {
    setting.status = 302;
    setting.text = line.text_with_variables(0);
  } else {
    line.fail_at(0, "invalid return code \"" + line.word(0) + "\"",
                 line.word(0).starts_with('/')
                     ? "a redirect here is \"return 302 " + line.word(0) + ";\""
                     : "expected a code from 0 to 999, or a URL");
  }
  if (auto& fixed = line.scope().content->fixed; !fixed) {
    fixed = std::move(setting);
  }
}

void set_try_files(Line& line) {
  auto& files = line.scope().content->try_files;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool last = i + 1 == line.size();
    if (last && line.word(i).starts_with('=')) {
      const auto status = parse_number(std::string_view(line.word(i)).substr(1));
      if (!status || *status > kLastStatus) {
        line.fail_at(i, "invalid code \"" + line.word(i) + "\"",
                     "expected a status, as in \"=404\"");
      }
    }
    files.push_back(line.text_with_variables(i));
  }
}

bool may_have_uri(const LocationBlock& location) {
  return location.kind != MatchKind::regex && location.kind != MatchKind::regex_nocase &&
         location.kind != MatchKind::named;
}

void check_url(const Line& line, std::string_view url) {
  constexpr std::string_view kHttp = "http://";
  constexpr std::string_view kHttps = "https://";
  if (equal_ignoring_case(url.substr(0, kHttps.size()), kHttps)) {
    line.fail_at(0, "\"https://\" in \"proxy_pass\" is not supported by sluice yet");
  }
  if (!equal_ignoring_case(url.substr(0, kHttp.size()), kHttp)) {
    line.fail_at(0, "invalid URL prefix",
                 url.find("://") == std::string_view::npos
                     ? "did you mean \"http://" + std::string(url) + "\"?"
                     : "expected \"http://\"");
  }
  const std::string target(url.substr(kHttp.size()));
  const ParsedPeer parsed = parse_peer(target, true);
  if (!parsed.complaint.empty()) {
    line.fail_at(0, parsed.complaint + " in upstream \"" + target + "\"");
  }
  if (!parsed.address.uri.empty() && !may_have_uri(*line.scope().here)) {
    line.fail_at(0,
                 "\"proxy_pass\" cannot have URI part in location given by regular expression, or "
                 "inside named location, or inside \"if\" statement, or inside \"limit_except\" "
                 "block",
                 "leave \"" + parsed.address.uri + "\" out");
  }
}

void set_proxy_pass(Line& line) {
  Text url = line.text_with_variables(0);
  if (!has_variables(url.value)) {
    check_url(line, url.value);
  }
  line.scope().content->proxy_pass = std::move(url);
}

constexpr std::array kRules{
    Rule{"return", kServer | kLocation, takes(1, 2), set_return, kRepeats},
    Rule{"try_files", kServer | kLocation, takes(2, kAnyNumber), set_try_files},
    Rule{"proxy_pass", kLocation, takes(1), set_proxy_pass},
};

}  // namespace

std::span<const Rule> content_rules() {
  return kRules;
}

}  // namespace sluice::confparse
