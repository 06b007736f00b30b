// SPDX-License-Identifier: MIT
#include "tests/support/running_proxy.h"

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace sluice::tests {
namespace {

constexpr std::string_view kListening = "listening on ";
constexpr std::string_view kReady = "sluice is ready";

std::string binary() {
  const char* path = std::getenv("SLUICE_BINARY");
  if (path == nullptr) throw std::runtime_error("SLUICE_BINARY is not set: run by meson test");
  return path;
}

}  // namespace

RunningProxy::RunningProxy(const std::string& http, const ProxyOptions& options) {
  reconfigure(http, options);
  const std::string prefix = folder_.path();
  process_.emplace(
      std::vector<std::string>{binary(), "-p", prefix, "-c", folder_.file("nginx.conf")},
      options.environment);
  if (!wait_for_log(kReady)) throw std::runtime_error("sluice did not start");
}

void RunningProxy::reconfigure(const std::string& http, const ProxyOptions& options) {
  for (const auto& [name, text] : options.files) folder_.write(name, text);
  folder_.write("nginx.conf", "daemon off;\nerror_log stderr notice;\npid " + folder_.file("pid") +
                                  ";\n" + (::geteuid() == 0 ? options.user : "") + "\n" +
                                  options.main + "\nevents {" + options.events +
                                  "}\nhttp {\naccess_log off;\n" + http + "\n}\n");
}

std::vector<std::string> RunningProxy::addresses() const {
  // "… [notice] …: listening on 127.0.0.1:43211 for 127.0.0.1:0"; or without " for …"
  std::vector<std::string> result;
  for (const auto& line : stderr_lines()) {
    const auto begin = line.find(kListening);
    const auto end = line.find(" for ", begin == std::string::npos ? 0 : begin);
    if (begin == std::string::npos) continue;
    const auto start = begin + kListening.size();
    result.push_back(line.substr(start, end == std::string::npos ? end : end - start));
  }
  return result;
}

std::vector<std::uint16_t> RunningProxy::ports() const {
  std::vector<std::uint16_t> result;
  for (const auto& address : addresses()) {
    if (!address.starts_with("unix:")) result.push_back(port_of(address));
  }
  return result;
}

// "2026/11/25 18:57:26 [notice] 29695#29695: sluice is ready: …"
pid_t RunningProxy::pid() const {
  pid_t result = parent_pid();
  for (const auto& line : stderr_lines()) {
    const auto level = line.find("] ");
    if (line.find(kReady) == std::string::npos || level == std::string::npos) continue;
    result = static_cast<pid_t>(std::atol(line.c_str() + level + 2));
  }
  return result;
}

int RunningProxy::quit() {
  signal(SIGQUIT);
  return wait();
}

std::vector<std::string> RunningProxy::stderr_lines() const {
  return process_->lines(ChildProcess::err);
}

std::optional<std::string> RunningProxy::wait_for_log(std::string_view text, std::size_t from) {
  return process_->wait_for_line(ChildProcess::err, text, from);
}

}  // namespace sluice::tests
