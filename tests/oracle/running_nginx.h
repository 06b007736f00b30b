// SPDX-License-Identifier: MIT
// Debian's nginx with the configuration that is written in the test, in one process, with all its
// files in a folder of its own.  It needs no rights.
//
// Its ports are of the system's choice and held for it by closed_port(): nginx, which binds with
// SO_REUSEADDR as well, may listen there and nobody else is given them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/child_process.h"
#include "tests/support/temp_folder.h"

namespace sluice::tests::oracle {

struct NginxOptions {
  std::string main = {};                      // lines outside of http: "load_module …;"
  std::vector<std::string> environment = {};  // added to ours: "NAME=value"
};

class RunningNginx {
 public:
  // `http` is what stands inside of http { }.  Throws, with what
  // nginx printed, when it does not start.
  explicit RunningNginx(const std::string& http, const NginxOptions& options = {});

  [[nodiscard]] std::vector<std::string> printed_lines() const;
  // False: no line from the `from`th on has this text (the test has failed).
  bool wait_for_line(std::string_view text, std::size_t from);
  [[nodiscard]] const TempFolder& folder() const { return folder_; }

 private:
  TempFolder folder_;
  std::optional<ChildProcess> process_;
};

}  // namespace sluice::tests::oracle
