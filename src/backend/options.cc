// SPDX-License-Identifier: MIT
#include "backend/options.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string_view>

namespace sluice::backend {
namespace {

constexpr std::string_view kHelp =
    R"(usage: sluice-backend [options]
A small HTTP server to put behind a proxy.  Every answer has the header X-Backend.

  --listen ADDRESS     127.0.0.1:0 (default; port 0: any free one), [::1]:80 or unix:/path; repeatable
  --name NAME          what it calls itself; default: the address asked
  --threads N          default 1
Misbehaviour:
  --die-after N        the process is gone after N answers
  --close-after N      closes a connection after N answers, without having said so
  --close-idle MS      closes a connection that was idle for so long
  --reset-after BYTES  resets the connection after so many bytes of a body
  --garbage            answers with bytes that are not HTTP
  --delay MS           waits before every answer
  --status-all N       gives every answer this status

Routes: /  /bytes/N  /chunked/N  /close/N  /delay/MS  /status/N  /echo  /sum  /headers  /trailers
)";

[[noreturn]] void refuse(std::string_view option, std::string_view why) {
  std::fprintf(stderr, "sluice-backend: %.*s: %.*s\n", static_cast<int>(option.size()),
               option.data(), static_cast<int>(why.size()), why.data());
  std::exit(2);
}

template <class Number>
Number number(std::string_view option, std::string_view word, Number least, Number most) {
  Number value{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size() || value < least || value > most) {
    refuse(option, "invalid number \"" + std::string(word) + '"');
  }
  return value;
}

std::uint64_t count(std::string_view option, std::string_view word) {
  return number<std::uint64_t>(option, word, 0, std::numeric_limits<std::uint64_t>::max());
}

std::chrono::milliseconds duration(std::string_view option, std::string_view word) {
  return std::chrono::milliseconds(number<std::int64_t>(option, word, 0, 86'400'000));
}

}  // namespace

Options parse_options(int argument_count, char** words) {
  Options options;
  int at = 1;
  const auto value = [&](std::string_view option) -> std::string_view {
    if (++at >= argument_count) refuse(option, "a value is missing");
    return words[at];
  };
  for (; at < argument_count; ++at) {
    const std::string_view option = words[at];
    Faults& faults = options.faults;
    if (option == "--help" || option == "-h") {
      std::fwrite(kHelp.data(), 1, kHelp.size(), stdout);
      std::exit(0);
    } else if (option == "--listen") {
      options.listens.emplace_back(value(option));
    } else if (option == "--name") {
      options.name = value(option);
    } else if (option == "--threads") {
      options.threads = number<unsigned>(option, value(option), 1, 256);
    } else if (option == "--die-after") {
      faults.die_after = count(option, value(option));
    } else if (option == "--close-after") {
      faults.close_after = count(option, value(option));
    } else if (option == "--close-idle") {
      faults.close_idle = duration(option, value(option));
    } else if (option == "--reset-after") {
      faults.reset_after = count(option, value(option));
    } else if (option == "--garbage") {
      faults.garbage = true;
    } else if (option == "--delay") {
      faults.delay = duration(option, value(option));
    } else if (option == "--status-all") {
      faults.status_all = number<std::uint16_t>(option, value(option), 200, 599);
    } else {
      refuse(option, "unknown option");
    }
  }
  if (options.listens.empty()) options.listens.emplace_back("127.0.0.1:0");
  return options;
}

}  // namespace sluice::backend
