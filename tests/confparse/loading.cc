// SPDX-License-Identifier: MIT
#include "loading.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace sluice::confparse {

TempFolder::TempFolder() {
  std::string path = std::filesystem::temp_directory_path() / "confparse-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) {
    throw std::runtime_error("no temporary folder");
  }
  path_ = path + "/";
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempFolder::write(const std::string& name, std::string_view text) const {
  const std::filesystem::path path = path_ + name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::vector<StrategyRow> test_strategies() {
  const auto hash_complaint = [](std::span<const std::string> words) -> std::string {
    return words.size() == 2 && words[1] != "consistent" ? "invalid parameter \"" + words[1] + "\""
                                                         : "";
  };
  return {
      {"", 0, 0, true, false, nullptr},
      {"ip_hash", 0, 0, false, false, nullptr},
      {"hash", 1, 2, false, true, hash_complaint,
       [](std::span<const std::string> words) { return words.size() == 2 ? 20U : 0U; }},
      {"fair", 0, 3, true, false, nullptr},
      {"least_conn", 0, 0, true, false, nullptr},
  };
}

LoadRequest request_for(const std::string& path) {
  LoadRequest request;
  request.path = path;
  request.defaults.prefix = "/prefix/";
  request.strategies = test_strategies();
  return request;
}

Loaded load_text(std::string_view text, const std::string& global_directives) {
  const TempFolder folder;
  LoadRequest request = request_for(folder.write("test.conf", text));
  request.global_directives = global_directives;
  return load(request);
}

Loaded load_http(std::string_view text) {
  return load_text("events { } http { " + std::string(text) + " }");
}

ServerBlock load_server(std::string_view text) {
  return load_http("server { " + std::string(text) + " }").settings->http.servers.at(0);
}

ConfigError error_of(std::string_view text, const std::string& global_directives) {
  try {
    load_text(text, global_directives);
  } catch (const ConfigError& error) {
    return error;
  }
  ADD_FAILURE() << "loads, but should not: " << text;
  return {Position{}, ""};
}

}  // namespace sluice::confparse
