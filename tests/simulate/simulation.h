// SPDX-License-Identifier: MIT
// Simulations as a person types them: an upstream, and the words of the command line.
//
//   Simulation app{"ip_hash", {peer("10.0.0.1:80"), peer("10.0.0.2:80", 5)}};
//   app.text("--requests 100 --down B@10-20")
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "simulate/method.h"
#include "simulate/simulate.h"

namespace sluice::simulate {

using Words = std::vector<std::string>;

// Words without a blank in them.
inline Words words_of(const std::string& line) {
  std::istringstream stream(line);
  return {std::istream_iterator<std::string>(stream), {}};
}

inline ParsedOptions parse(Words words) {
  words.insert(words.begin(), "simulate");
  std::vector<char*> pointers;
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  return parse_options(static_cast<int>(words.size()), pointers.data());
}

inline confparse::UpstreamServer peer(const std::string& address, std::uint32_t weight = 1) {
  confparse::UpstreamServer server;
  server.address = address;
  server.weight = weight;
  return server;
}

// 10.0.0.1:80, 10.0.0.2:80, … with these weights.
inline std::vector<confparse::UpstreamServer> peers(const std::vector<std::uint32_t>& weights) {
  std::vector<confparse::UpstreamServer> list;
  for (const std::uint32_t weight : weights) {
    list.push_back(peer("10.0.0." + std::to_string(list.size() + 1) + ":80", weight));
  }
  return list;
}

struct Simulation {
  Simulation(const std::string& method, std::vector<confparse::UpstreamServer> servers) {
    confparse::UpstreamSettings settings;
    settings.name = "app";
    settings.servers = std::move(servers);
    upstreams.push_back(with_method(std::move(settings), method));
  }

  [[nodiscard]] std::string text(const Words& words) const {
    const ParsedOptions parsed = parse(words);
    EXPECT_EQ(parsed.error, "");
    return simulate(parsed.options, upstreams, "app.conf", false);
  }
  [[nodiscard]] std::string text(const std::string& line) const { return text(words_of(line)); }

  [[nodiscard]] nlohmann::json json(Words words) const {
    words.emplace_back("--json");
    return nlohmann::json::parse(text(words));
  }
  // Of the configured method.
  [[nodiscard]] nlohmann::json json(const std::string& line) const {
    return json(words_of(line))["methods"][0];
  }

  // What is thrown, or "nothing".
  [[nodiscard]] std::string error(const Words& words) const {
    try {
      return text(words).empty() ? "no text" : "nothing";
    } catch (const Error& error) {
      return error.what();
    }
  }

  confparse::UpstreamServer& operator[](char letter) {
    return upstreams.front().servers[static_cast<std::size_t>(letter - 'A')];
  }

  std::vector<confparse::UpstreamSettings> upstreams;
};

}  // namespace sluice::simulate
