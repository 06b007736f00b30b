// SPDX-License-Identifier: MIT
// How bodies travel: buffers, temporary files, rates.
#include <array>

#include "confparse/rules/setters.h"
#include "confparse/values.h"

namespace sluice::confparse {
namespace {

// `proxy_buffers NUMBER SIZE`.
void set_buffers(Line& line) {
  auto& transfer = line.part<TransferSettings>();
  transfer.buffers = clamped<std::uint32_t>(line.number(0));
  transfer.buffer_size = line.size_value(1);
  if (transfer.buffers < 2) {
    line.fail_at(0, "there must be at least 2 \"proxy_buffers\"");
  }
  if (transfer.buffer_size == 0) {
    line.invalid_value(1, "a buffer holds at least one byte");
  }
}

// `PATH [LEVEL [LEVEL [LEVEL]]]`: files without a name need no folders to be spread over.  nginx
// takes the digits of each level from the ten of a file's name.
constexpr std::uint64_t kDigits = 10;

template <auto Field>
void set_temp_path(Line& line) {
  std::uint64_t digits = 0;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const std::uint64_t level = line.number(i);
    if (level < 1 || level > kDigits || (digits += level) > kDigits) {
      line.fail_at(i, "invalid value \"" + line.word(i) + "\"",
                   "a level is 1 or more, all levels together are 10 at most");
    }
  }
  std::string path = line.path(0);
  while (path.size() > 1 && path.ends_with('/')) {
    path.pop_back();
  }
  line.part<TransferSettings>().*Field = {path, line.text(0).position};
}

template <auto Field>
void set_checked_size(Line& line) {
  line.part<TransferSettings>().*Field = CheckedSize{line.size_value(0), line.text(0).position};
}

void set_max_temp_file_size(Line& line) {
  auto& transfer = line.part<TransferSettings>();
  transfer.max_temp_file_size = line.offset_value(0);
  transfer.max_temp_file_size_position = line.text(0).position;
}

// A number of bytes, or a text with variables that becomes one.
template <Text TransferSettings::*Field>
void set_rate(Line& line) {
  const Text text = line.text_with_variables(0);
  if (!has_variables(text.value)) {
    static_cast<void>(line.size_value(0));
  }
  line.part<TransferSettings>().*Field = text;
}

void set_body_in_file_only(Line& line) {
  constexpr std::array<std::string_view, 3> kChoices{"off", "on", "clean"};
  line.part<TransferSettings>().body_in_file_only =
      static_cast<BodyInFile>(line.choice(0, kChoices));
}

constexpr std::array kRules{
    Rule{"proxy_buffering", kAnyHttp, takes(1), flag<&TransferSettings::buffering>},
    Rule{"proxy_buffers", kAnyHttp, takes(2), set_buffers, 0, "8 4k"},
    Rule{"proxy_max_temp_file_size", kAnyHttp, takes(1), set_max_temp_file_size, 0, "1024m"},
    Rule{"proxy_temp_path", kAnyHttp, takes(1, 4), set_temp_path<&TransferSettings::temp_path>, 0,
         "/tmp"},
    Rule{"limit_rate", kAnyHttp, takes(1), set_rate<&TransferSettings::limit_rate>, 0, "0"},
    Rule{"limit_rate_after", kAnyHttp, takes(1), set_rate<&TransferSettings::limit_rate_after>, 0,
         "0"},
    Rule{"proxy_limit_rate", kAnyHttp, takes(1), set_rate<&TransferSettings::proxy_limit_rate>, 0,
         "0"},
    Rule{"proxy_ignore_client_abort", kAnyHttp, takes(1),
         flag<&TransferSettings::ignore_client_abort>},
    Rule{"proxy_request_buffering", kAnyHttp, takes(1), flag<&TransferSettings::request_buffering>},
    Rule{"client_body_buffer_size", kAnyHttp, takes(1),
         size<&TransferSettings::client_body_buffer_size>},
    Rule{"client_body_temp_path", kAnyHttp, takes(1, 4),
         set_temp_path<&TransferSettings::client_body_temp_path>, 0, "/tmp"},
    Rule{"client_body_in_file_only", kAnyHttp, takes(1), set_body_in_file_only, 0, "off"},
    without_effect("client_body_in_single_buffer", kAnyHttp, takes(1), checked_flag),
    without_effect("proxy_busy_buffers_size", kAnyHttp, takes(1),
                   set_checked_size<&TransferSettings::busy_buffers_size>),
    without_effect("proxy_temp_file_write_size", kAnyHttp, takes(1),
                   set_checked_size<&TransferSettings::temp_file_write_size>),
};

}  // namespace

std::span<const Rule> transfer_rules() {
  return kRules;
}

}  // namespace sluice::confparse
