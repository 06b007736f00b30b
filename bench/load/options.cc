// SPDX-License-Identifier: MIT
#include "bench/load/options.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <arpa/inet.h>

namespace sluice::load {
namespace {

constexpr std::string_view kHelp =
    R"(usage: sluice-load --connect 127.0.0.1:PORT [options]
Asks a server, and prints one line of JSON: how often, how long it took, what CPU time it cost.

  --path PATH          default /
  --connections N      default 1; each has one request at a time
  --close              a connection for each request
  --upload BYTES       the size of each request's body
  --chunked            that body in chunks
  --milliseconds N     how long, default 1000; what has begun is brought to its end
  --requests N         so many instead
  --rate N             so many a second, over all connections, whether or not the last was answered;
                       a request's time then counts from the moment it was due
  --watch PID          counts the CPU time of this process; repeatable
  --wait               warm, prints "ready" and waits for a line before it measures; done, it prints
                       its line and holds its connections until stdin ends
)";

[[noreturn]] void refuse(std::string_view option, std::string_view why) {
  std::fprintf(stderr, "sluice-load: %.*s: %.*s\n", static_cast<int>(option.size()), option.data(),
               static_cast<int>(why.size()), why.data());
  std::exit(2);
}

template <class Number>
Number number(std::string_view option, std::string_view word) {
  Number value{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size() || !(value > 0)) {
    refuse(option, "a positive number, please");
  }
  return value;
}

sockaddr_in address(std::string_view option, const std::string& word) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  const std::size_t colon = word.find(':');
  if (colon == std::string::npos ||
      ::inet_pton(AF_INET, word.substr(0, colon).c_str(), &address.sin_addr) != 1) {
    refuse(option, "an address like 127.0.0.1:8080, please");
  }
  address.sin_port = htons(number<std::uint16_t>(option, std::string_view(word).substr(colon + 1)));
  return address;
}

}  // namespace

Options parse_options(int count, char** words) {
  Options options;
  int at = 1;
  const auto value = [&](std::string_view option) -> std::string {
    if (++at >= count) refuse(option, "a value is missing");
    return words[at];
  };
  for (; at < count; ++at) {
    const std::string_view option = words[at];
    if (option == "--help") {
      std::fwrite(kHelp.data(), 1, kHelp.size(), stdout);
      std::exit(0);
    } else if (option == "--connect") {
      options.address = address(option, value(option));
    } else if (option == "--path") {
      options.path = value(option);
    } else if (option == "--connections") {
      options.connections = number<std::size_t>(option, value(option));
    } else if (option == "--close") {
      options.keep_alive = false;
    } else if (option == "--upload") {
      options.upload = number<std::uint64_t>(option, value(option));
    } else if (option == "--chunked") {
      options.upload_chunked = true;
    } else if (option == "--milliseconds") {
      options.duration = std::chrono::milliseconds(number<std::int64_t>(option, value(option)));
    } else if (option == "--requests") {
      options.requests = number<std::uint64_t>(option, value(option));
    } else if (option == "--rate") {
      options.rate = number<double>(option, value(option));
    } else if (option == "--watch") {
      options.watched.push_back(number<pid_t>(option, value(option)));
    } else if (option == "--wait") {
      options.waits = true;
    } else {
      refuse(option, "unknown option");
    }
  }
  if (options.address.sin_port == 0) refuse("--connect", "is missing");
  return options;
}

}  // namespace sluice::load
