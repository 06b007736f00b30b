// SPDX-License-Identifier: MIT
#include "app/environment.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>

namespace sluice::app {

std::vector<std::string> chosen_environment(const std::vector<std::string>& lines) {
  std::vector<std::string> names = lines;
  if (std::ranges::none_of(
          names, [](const std::string& line) { return line == "TZ" || line.starts_with("TZ="); })) {
    names.emplace_back("TZ");
  }
  std::vector<std::string> chosen;
  for (const std::string& name : names) {
    if (name.find('=') != std::string::npos) {
      chosen.push_back(name);
    } else if (const char* value = std::getenv(name.c_str())) {
      chosen.push_back(name + "=" + value);
    }
  }
  return chosen;
}

void use_environment(const std::vector<std::string>& lines) {
  const std::vector<std::string> chosen = chosen_environment(lines);
  ::clearenv();
  for (const std::string& variable : chosen) {
    const std::size_t equals = variable.find('=');
    ::setenv(variable.substr(0, equals).c_str(), variable.substr(equals + 1).c_str(), 1);
  }
  ::tzset();
}

}  // namespace sluice::app
