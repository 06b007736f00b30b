// SPDX-License-Identifier: MIT
#include "app/how_it_ended.h"

#include <sys/wait.h>

#include <cstring>

namespace sluice::app {

std::string how_it_ended(int status) {
  if (!WIFSIGNALED(status)) {
    return "exited with code " + std::to_string(WEXITSTATUS(status));
  }
  const int number = WTERMSIG(status);
  const std::string text =
      "exited on signal " + std::to_string(number) + " (" + ::strsignal(number) + ")";
  return WCOREDUMP(status) ? text + ", core dumped" : text;
}

}  // namespace sluice::app
