// SPDX-License-Identifier: MIT
#include "simulate/options.h"

#include <getopt.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "confparse/suggest.h"
#include "simulate/option_values.h"

namespace sluice::simulate {
namespace {

constexpr std::uint64_t kMostSeed = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t kMostAtOnce = 10'000;

enum Long : int {
  kUpstream = 256,
  kRequests,
  kClients,
  kUris,
  kDown,
  kSlow,
  kConcurrency,
  kParallel,
  kJitter,
  kSeed,
  kCompare,
  kJson,
};

constexpr std::array<option, 14> kLongOptions{{
    {"upstream", required_argument, nullptr, kUpstream},
    {"requests", required_argument, nullptr, kRequests},
    {"clients", required_argument, nullptr, kClients},
    {"uris", required_argument, nullptr, kUris},
    {"down", required_argument, nullptr, kDown},
    {"slow", required_argument, nullptr, kSlow},
    {"concurrency", required_argument, nullptr, kConcurrency},
    {"parallel", required_argument, nullptr, kParallel},
    {"jitter", required_argument, nullptr, kJitter},
    {"seed", required_argument, nullptr, kSeed},
    {"compare", required_argument, nullptr, kCompare},
    {"json", no_argument, nullptr, kJson},
    {"help", no_argument, nullptr, 'h'},
    {nullptr, 0, nullptr, 0},
}};

void set(Options& options, int letter, std::string_view value) {
  switch (letter) {
    case 'h':
      options.help = true;
      break;
    case 'c':
      options.file = value;
      break;
    case 'p':
      options.prefix = value;
      break;
    case 'g':
      options.directives = value;
      break;
    case kUpstream:
      options.upstream = value;
      break;
    case kRequests:
      options.requests = number(value, 1, kMostRequests);
      break;
    case kClients:
      options.clients = parse_population(value);
      break;
    case kUris:
      options.uris = parse_population(value);
      break;
    case kDown:
      options.down.push_back(parse_down(value));
      break;
    case kSlow:
      options.slow.push_back(parse_slow(value));
      break;
    case kConcurrency:
      options.concurrency = number(value, 1, kMostAtOnce);
      break;
    case kParallel:
      options.parallel = number(value, 1, kMostAtOnce);
      break;
    case kJitter:
      options.jitter = number(value, 0, 100);
      break;
    case kSeed:
      options.seed = number(value, 0, kMostSeed);
      break;
    case kCompare:
      options.compare = split_methods(value);
      break;
    case kJson:
      options.json = true;
      break;
    default:
      break;
  }
}

std::string name_of(int letter) {
  for (const option& row : kLongOptions) {
    if (row.name != nullptr && row.val == letter && letter >= kUpstream) {
      return "--" + std::string(row.name);
    }
  }
  return std::string("-") + static_cast<char>(letter);
}

std::string invalid_option(std::string_view word) {
  const std::string error = "invalid option: \"" + std::string(word) + "\"";
  if (!word.starts_with("--")) {
    return error;
  }
  std::vector<std::string_view> names;
  for (const option& row : kLongOptions) {
    if (row.name != nullptr) {
      names.emplace_back(row.name);
    }
  }
  const std::string_view typed = word.substr(2, std::min(word.find('='), word.size()) - 2);
  const std::string_view near = confparse::nearest(typed, names);
  return near.empty() ? error : error + "; did you mean \"--" + std::string(near) + "\"?";
}

}  // namespace

ParsedOptions parse_options(int argc, char** argv) {
  ParsedOptions result;
  ::opterr = 0;
  ::optind = 0;  // glibc then begins anew
  for (;;) {
    const int before = std::max(::optind, 1);
    const int letter = ::getopt_long(argc, argv, "+:?hc:p:g:", kLongOptions.data(), nullptr);
    if (letter == -1) {
      break;
    }
    if (letter == ':') {
      result.error = "option \"" + name_of(::optopt) + "\" requires a value";
      return result;
    }
    if (letter == '?') {
      const std::string_view word = argv[before];
      if (word == "-?") {
        result.options.help = true;
        continue;
      }
      result.error = ::optopt != 0 && ::optopt < kUpstream
                         ? invalid_option(std::string("-") + static_cast<char>(::optopt))
                         : invalid_option(word);
      return result;
    }
    try {
      set(result.options, letter, ::optarg == nullptr ? "" : ::optarg);
    } catch (const BadValue& bad) {
      result.error = "invalid value \"" + std::string(::optarg) + "\" of option \"" +
                     name_of(letter) + "\": expected " + bad.expected;
      return result;
    }
  }
  if (::optind < argc) {
    result.error = invalid_option(argv[::optind]);
  }
  return result;
}

std::string help_text() {
  return "Usage: sluice simulate -c FILE [options]\n"
         "\n"
         "Runs an upstream of the configuration on a virtual clock, without any socket: the same\n"
         "strategies and the same rules for failing peers as in the proxy.\n"
         "\n"
         "Options:\n"
         "  -c FILE            : the configuration (also -p PREFIX, -g DIRECTIVES, as for sluice)\n"
         "  --upstream NAME    : which upstream block (default: the first)\n"
         "  --requests N       : how many requests (default: 10000)\n"
         "  --concurrency C    : clients that wait for an answer at the same time (default: 10)\n"
         "  --clients FILE|N   : addresses, one a line, used in turn; or N made up (1000)\n"
         "  --uris FILE|N      : URIs, one a line, used in turn; or N made up (1000)\n"
         "  --down PEER@FROM-TO: refuses connections: 10.0.0.1:8000@100-300 counts requests,\n"
         "                       10.0.0.1:8000@1s-2.5s virtual seconds; @100- to the end;\n"
         "                       @0-TO: not there yet\n"
         "  --slow PEER=MS     : its time for an answer (default: 1); PEER=MS@FROM-TO for a while\n"
         "  --parallel N       : requests a peer works on at once, the others wait in line\n"
         "                       (default: no limit)\n"
         "  --jitter PERCENT   : answers take up to so much longer or shorter (default: 0)\n"
         "  --seed S           : other made-up addresses, another order, other chances (1)\n"
         "  --compare METHOD,… : these methods beside the configured one: round_robin, ip_hash,\n"
         "                       \"hash $request_uri consistent\", least_conn, fair, random two …\n"
         "  --json             : the result as JSON\n"
         "  -h, --help         : this help\n"
         "\n"
         "PEER is an address as the configuration has it, or its letter.  The same configuration\n"
         "and options give the same output on any machine.\n";
}

}  // namespace sluice::simulate
