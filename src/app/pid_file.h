// SPDX-License-Identifier: MIT
// The file that says which process takes the signals.
#pragma once

#include <string>

#include "net/descriptor.h"

namespace sluice::app {

class PidFile {
 public:
  // Writes this process's number.  False: it could not, and said so; when it is not `needed` (of a
  // bare file nobody asked for one) that is a warning, and true.
  bool write(const std::string& path, bool needed);
  void remove();
  // Another process takes over, or did not after all: with `.oldbin` at the end, or without it.
  [[nodiscard]] bool step_aside();
  void come_back();
  // Has somebody stepped aside for us?  Not known without a pid file: perhaps.
  [[nodiscard]] bool is_another_aside() const;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  static bool names_us(const std::string& path);

  std::string path_;
  bool aside_ = false;
  net::Descriptor file_;
};

}  // namespace sluice::app
