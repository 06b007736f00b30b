// SPDX-License-Identifier: MIT
#include "simulate/workload.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <unordered_map>

#include "net/address.h"
#include "simulate/error.h"

namespace sluice::simulate {
namespace {

// The lines of a file without blanks around them; each once, and their order.
struct Lines {
  std::vector<std::string> distinct;
  std::vector<std::uint32_t> order;
  std::vector<std::size_t> numbers;  // of each distinct line: where it first stood
};

Lines read_lines(const std::string& path, const std::string& option) {
  std::ifstream file(path);
  if (std::filesystem::is_directory(path)) {
    throw Error("\"" + path + "\" of option \"" + option + "\" is a directory");
  }
  if (!file) {
    throw Error("open() \"" + path + "\" failed (" + std::to_string(errno) + ": " +
                std::strerror(errno) + ") for option \"" + option + "\"");
  }
  Lines lines;
  std::unordered_map<std::string, std::uint32_t> known;  // looked up, never gone through
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const auto begin = line.find_first_not_of(" \t\r");
    if (begin == line.npos) {
      continue;
    }
    line = line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
    const auto next = static_cast<std::uint32_t>(lines.distinct.size());
    const auto [entry, is_new] = known.emplace(line, next);
    if (is_new) {
      lines.distinct.push_back(line);
      lines.numbers.push_back(number);
    }
    lines.order.push_back(entry->second);
  }
  if (lines.order.empty()) {
    throw Error("no lines in \"" + path + "\" of option \"" + option + "\"");
  }
  return lines;
}

Client parse_client(const std::string& text, const std::string& path, std::size_t line) {
  const bool is_ipv6 = text.find(':') != text.npos;
  const auto address = net::Address::parse(is_ipv6 ? "[" + text + "]:1" : text + ":1");
  if (!address || address->is_unix()) {
    throw Error("invalid address \"" + text + "\" in " + path + ":" + std::to_string(line));
  }
  return {text, std::string(address->bytes())};
}

std::string ipv4_text(const std::string& bytes) {
  std::string text;
  for (const char byte : bytes) {
    text += (text.empty() ? "" : ".") + std::to_string(static_cast<unsigned char>(byte));
  }
  return text;
}

// Addresses all over IPv4, each once: every step can be undone, so no two numbers become one.
Client made_up_client(std::uint32_t number, std::uint64_t seed) {
  std::uint32_t mixed = number + static_cast<std::uint32_t>(RandomNumbers(seed).next());
  mixed = (mixed ^ mixed >> 16) * 0x7feb352dU;
  mixed = (mixed ^ mixed >> 15) * 0x846ca68bU;
  mixed ^= mixed >> 16;
  const std::string bytes{static_cast<char>(mixed >> 24), static_cast<char>(mixed >> 16 & 0xff),
                          static_cast<char>(mixed >> 8 & 0xff), static_cast<char>(mixed & 0xff)};
  return {ipv4_text(bytes), bytes};
}

}  // namespace

Workload make_workload(const Options& options) {
  Workload workload;
  if (!options.clients.file.empty()) {
    Lines lines = read_lines(options.clients.file, "--clients");
    for (std::size_t i = 0; i < lines.distinct.size(); ++i) {
      workload.clients.push_back(
          parse_client(lines.distinct[i], options.clients.file, lines.numbers[i]));
    }
    workload.client_order = std::move(lines.order);
  }
  for (std::uint32_t i = 0; i < options.clients.count; ++i) {
    workload.clients.push_back(made_up_client(i, options.seed));
  }
  if (!options.uris.file.empty()) {
    Lines lines = read_lines(options.uris.file, "--uris");
    workload.uris = std::move(lines.distinct);
    workload.uri_order = std::move(lines.order);
  }
  for (std::uint32_t i = 0; i < options.uris.count; ++i) {
    workload.uris.push_back("/page/" + std::to_string(i));
  }
  return workload;
}

Request Requests::next() {
  const auto choose = [&](const std::vector<std::uint32_t>& order, std::size_t count) {
    return order.empty() ? static_cast<std::uint32_t>(chance_.below(count))
                         : order[sent_ % order.size()];
  };
  Request request{};
  request.client = choose(workload_.client_order, workload_.clients.size());
  request.uri = choose(workload_.uri_order, workload_.uris.size());
  ++sent_;
  return request;
}

}  // namespace sluice::simulate
