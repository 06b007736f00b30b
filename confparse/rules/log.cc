// SPDX-License-Identifier: MIT
// What is written down: error_log, access_log, log_format.
#include <algorithm>
#include <array>

#include "confparse/rules/setters.h"
#include "confparse/suggest.h"
#include "confparse/values.h"

namespace sluice::confparse {
namespace {

// Parts of nginx's own debug log; all of ours then.
constexpr std::array<std::string_view, 7> kDebugParts{"debug_core",  "debug_alloc", "debug_mutex",
                                                      "debug_event", "debug_http",  "debug_mail",
                                                      "debug_stream"};
constexpr std::string_view kNameCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
constexpr std::array<std::string_view, 8> kLevels{"emerg", "alert",  "crit", "error",
                                                  "warn",  "notice", "info", "debug"};

[[noreturn]] void not_yet(const Line& line, std::size_t i, std::string_view what) {
  line.fail_at(i, std::string(what) + " in \"" + line.name() + "\" is not supported by sluice yet");
}

void refuse_special_target(const Line& line) {
  for (const std::string_view target : {"syslog:", "memory:"}) {
    if (line.word(0).starts_with(target)) {
      not_yet(line, 0, "\"" + std::string(target) + "\"");
    }
  }
}

LogLevel level_of(const Line& line) {
  LogLevel level = LogLevel::error;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const std::string_view word = line.word(i);
    const auto found = std::ranges::find(kLevels, word);
    if (found == kLevels.end() && std::ranges::find(kDebugParts, word) == kDebugParts.end()) {
      line.fail_at(i, "invalid log level \"" + line.word(i) + "\"", expected_one_of(word, kLevels));
    }
    if (i > 1) {
      line.fail_at(i, "duplicate log level \"" + line.word(i) + "\"");
    }
    level =
        found == kLevels.end() ? LogLevel::debug : static_cast<LogLevel>(found - kLevels.begin());
  }
  return level;
}

void set_error_log(Line& line) {
  refuse_special_target(line);
  const bool in_main = line.scope().context == kMain;
  auto& logs =
      in_main ? line.part<MainSettings>().error_logs : line.scope().location->log.error_logs;
  if (line.scope().first_use(&logs)) {
    logs.clear();
  }
  if (line.word(0) == "off") {
    line.warn(line.text(0).position, "\"error_log off\" writes to a file named \"off\"",
              "\"error_log /dev/null crit;\" writes nothing");
  }
  const bool to_stderr = line.word(0) == "stderr";
  logs.push_back({to_stderr ? line.word(0) : line.path(0), level_of(line), line.text(0).position});
}

constexpr std::array<std::string_view, 4> kAccessParameters{"buffer=", "flush=", "gzip", "if="};

void set_access_parameters(const Line& line, std::size_t from, AccessLogSetting& log) {
  std::size_t flush = 0;
  for (std::size_t i = from; i < line.size(); ++i) {
    const std::string_view word = line.word(i);
    const std::string value(word.substr(std::min(word.find('='), word.size() - 1) + 1));
    if (word.starts_with("buffer=")) {
      log.buffer = parse_size(value).value_or(0);
      if (log.buffer == 0) {
        line.fail_at(i, "invalid buffer size \"" + value + "\"", "expected a size, as in \"32k\"");
      }
    } else if (word.starts_with("flush=")) {
      flush = i;
      log.flush = parse_milliseconds(value).value_or(log.flush.zero());
      if (log.flush.count() == 0) {
        line.fail_at(i, "invalid flush time \"" + value + "\"", "expected a time, as in \"5s\"");
      }
    } else if (word.starts_with("if=")) {
      log.condition = line.text_with_variables(i);
      log.condition->value.erase(0, std::string_view("if=").size());
    } else if (word == "gzip" || word.starts_with("gzip=")) {
      not_yet(line, i, "\"" + std::string(word) + "\"");
    } else {
      line.invalid_parameter(i, kAccessParameters);
    }
  }
  if (flush != 0 && log.buffer == 0) {
    line.fail_at(flush, "no buffer is defined for access_log \"" + line.word(0) + "\"",
                 "\"flush=\" needs \"buffer=\"");
  }
}

void set_access_log(Line& line) {
  auto& logs = line.scope().location->log.access_logs;
  if (line.scope().first_use(&logs)) {
    logs.clear();
  }
  if (line.word(0) == "off") {
    if (line.size() > 1) {
      line.fail_at(1, "invalid parameter \"" + line.word(1) + "\"", "\"off\" stands alone");
    }
    logs.clear();
    return;
  }
  refuse_special_target(line);
  if (has_variables(line.word(0))) {
    not_yet(line, 0, "a variable");
  }
  AccessLogSetting log;
  log.path = line.path(0);
  log.position = line.text(0).position;
  if (line.size() > 1) {
    log.format = line.word(1);
    line.scope().loading.formats_used.push_back(line.text(1));
  }
  set_access_parameters(line, 2, log);
  logs.push_back(std::move(log));
}

LogEscape escape_of(const Line& line) {
  constexpr std::array<std::string_view, 3> kEscapes{"default", "json", "none"};
  const std::string_view word =
      std::string_view(line.word(1)).substr(std::string_view("escape=").size());
  const auto found = std::ranges::find(kEscapes, word);
  if (found == kEscapes.end()) {
    line.fail_at(1, "unknown log format escaping \"" + std::string(word) + "\"",
                 expected_one_of(word, kEscapes));
  }
  return static_cast<LogEscape>(found - kEscapes.begin());
}

// nginx words this one in its own way here.
void check_dollars(const Line& line, std::size_t i) {
  const std::string& word = line.word(i);
  for (std::size_t at = word.find('$'); at != std::string::npos; at = word.find('$', at + 1)) {
    const std::string_view rest = std::string_view(word).substr(at);
    if (variable_complaint(rest.substr(0, 2)) == "invalid variable name" &&
        !rest.starts_with("${")) {
      line.fail_at(i, "invalid parameter \"" + std::string(rest) + "\"",
                   "a variable is written \"$name\" or \"${name}\"");
    }
  }
}

// "$1" means something where a regex has just matched; a log line is written anywhere.
void refuse_captures(const Line& line, std::size_t i) {
  const std::string_view word = line.word(i);
  for (std::size_t at = word.find('$'); at != word.npos; at = word.find('$', at + 1)) {
    std::string_view name = word.substr(at + (word.substr(at).starts_with("${") ? 2 : 1));
    name = name.substr(0, name.find_first_not_of(kNameCharacters));
    if (!name.empty() && name.front() >= '0' && name.front() <= '9') {
      line.fail_at(i, "unknown \"" + std::string(name) + "\" variable",
                   "a capture with a name, \"(?<name>...)\", has a variable");
    }
  }
}

void add_log_format(Line& line) {
  auto& formats = line.scope().http->log_formats;
  if (std::ranges::find(formats, line.word(0), &LogFormat::name) != formats.end()) {
    line.fail_at(0, "duplicate \"log_format\" name \"" + line.word(0) + "\"",
                 line.word(0) == "combined" ? "\"combined\" is built in" : "");
  }
  LogFormat format;
  format.name = line.word(0);
  std::size_t first = 1;
  if (line.word(1).starts_with("escape=")) {
    format.escape = escape_of(line);
    first = 2;
  }
  format.text.position = line.text(std::min(first, line.size() - 1)).position;
  for (std::size_t i = first; i < line.size(); ++i) {
    check_dollars(line, i);
    format.text.value += line.text_with_variables(i).value;
    refuse_captures(line, i);
  }
  formats.push_back(std::move(format));
}

constexpr std::array kRules{
    Rule{"error_log", kMain | kAnyHttp, takes(1, kAnyNumber), set_error_log, kRepeats,
         "/var/log/nginx/error.log error"},
    Rule{"access_log", kAnyHttp, takes(1, kAnyNumber), set_access_log, kRepeats,
         "/var/log/nginx/access.log combined"},
    Rule{"log_not_found", kAnyHttp, takes(1), flag<&LogSettings::log_not_found>},
    without_effect("log_subrequest", kAnyHttp, takes(1), checked_flag),
    Rule{"log_format", kHttp, takes(2, kAnyNumber), add_log_format, kRepeats, "combined"},
};

}  // namespace

std::span<const Rule> log_rules() {
  return kRules;
}

}  // namespace sluice::confparse
