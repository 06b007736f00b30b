// SPDX-License-Identifier: MIT
// The command line of `sluice simulate`, behind that word.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::simulate {

// Virtual time: whole microseconds since the simulation began, so that nothing is ever rounded.
using Micros = std::chrono::duration<std::int64_t, std::micro>;

// From when until when (not included): counted in requests sent, or in virtual microseconds.
struct Window {
  bool in_time = false;
  std::uint64_t from = 0;
  std::uint64_t to = ~std::uint64_t{0};  // "100-": to the end
};

struct DownOption {
  std::string peer;  // as typed: "10.0.0.1:8000", or its letter
  Window window;
};

struct SlowOption {
  std::string peer;
  Micros service_time{};
  Window window;  // the whole run when nothing was said
};

// Lines of a file, or so many that are made up.
struct Population {
  std::string file;  // empty: made up
  std::uint64_t count = 1000;
};

struct Options {
  bool help = false;
  bool json = false;
  std::optional<std::string> file;    // -c
  std::optional<std::string> prefix;  // -p
  std::string directives;             // -g
  std::string upstream;               // empty: the first
  std::uint64_t requests = 10'000;
  std::uint64_t concurrency = 10;
  std::uint64_t parallel = 0;  // requests a peer works on at once; 0: no limit
  std::uint64_t jitter = 0;    // percent
  std::uint64_t seed = 1;
  Population clients;
  Population uris;
  std::vector<DownOption> down;
  std::vector<SlowOption> slow;
  std::vector<std::string> compare;  // "hash $request_uri consistent"
};

inline constexpr std::uint64_t kMostRequests = 10'000'000;

struct ParsedOptions {
  Options options;
  std::string error;  // in nginx's manner; empty: all is well
};

// argv[0] is the word "simulate".
ParsedOptions parse_options(int argc, char** argv);

std::string help_text();

}  // namespace sluice::simulate
