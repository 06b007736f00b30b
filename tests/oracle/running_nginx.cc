// SPDX-License-Identifier: MIT
#include "tests/oracle/running_nginx.h"

#include <filesystem>
#include <stdexcept>

namespace sluice::tests::oracle {
namespace {

constexpr const char* kBinary = "/usr/sbin/nginx";

// Debian's defaults are folders that only root can write to.
std::string temporary_paths(const TempFolder& folder) {
  std::string lines;
  for (const std::string what : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    lines += what + "_temp_path " + folder.file(what) + ";\n";
  }
  return lines;
}

}  // namespace

RunningNginx::RunningNginx(const std::string& http, const NginxOptions& options) {
  if (!std::filesystem::exists(kBinary)) {
    throw std::runtime_error("no /usr/sbin/nginx to compare with: scripts/install --tests");
  }
  const std::string configuration = folder_.write(
      "nginx.conf", options.main +
                        "\ndaemon off;\nmaster_process off;\nerror_log stderr notice;\npid " +
                        folder_.file("pid") + ";\nevents {}\nhttp {\naccess_log off;\n" +
                        temporary_paths(folder_) + http + "\n}\n");
  process_.emplace(
      std::vector<std::string>{kBinary, "-e", "stderr", "-p", folder_.path(), "-c", configuration},
      options.environment);
  // It listens before it says which kind of events it waits for.
  if (!process_->wait_for_line(ChildProcess::err, "event method")) {
    std::string said;
    for (const std::string& line : process_->lines(ChildProcess::err)) said += '\n' + line;
    throw std::runtime_error("nginx did not start:" + said);
  }
}

std::vector<std::string> RunningNginx::printed_lines() const {
  return process_->lines(ChildProcess::err);
}

bool RunningNginx::wait_for_line(std::string_view text, std::size_t from) {
  return process_->wait_for_line(ChildProcess::err, text, from).has_value();
}

}  // namespace sluice::tests::oracle
