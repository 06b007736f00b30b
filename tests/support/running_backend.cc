// SPDX-License-Identifier: MIT
#include "tests/support/running_backend.h"

#include <cstdlib>
#include <stdexcept>

namespace sluice::tests {
namespace {

constexpr std::string_view kListening = "listening on ";
constexpr const char* kPython = "/usr/bin/python3";  // Debian's: the one that has Tornado

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr)
    throw std::runtime_error(std::string(name) + " is not set: run by meson test");
  return value;
}

std::string wait_until_listening(ChildProcess& process) {
  const auto line = process.wait_for_line(ChildProcess::out, kListening);
  if (!line) throw std::runtime_error("the server behind sluice did not start");
  return line->substr(kListening.size());
}

std::vector<std::string> command(const std::vector<std::string>& options) {
  std::vector<std::string> words{from_environment("SLUICE_BACKEND")};
  words.insert(words.end(), options.begin(), options.end());
  return words;
}

}  // namespace

RunningBackend::RunningBackend(const std::vector<std::string>& options)
    : process_(command(options)), address_(wait_until_listening(process_)) {}

RunningTornado::RunningTornado(std::uint16_t port)
    : process_({kPython, from_environment("SLUICE_SOURCE") + "/conf/main.py",
                "--port=" + std::to_string(port)},
               {"PYTHONDONTWRITEBYTECODE=1"}),
      address_(wait_until_listening(process_)) {}

std::uint16_t RunningTornado::port() const {
  return port_of(address_);
}

}  // namespace sluice::tests
