// SPDX-License-Identifier: MIT
#include "simulate/simulate.h"

#include <cstdio>

#include "simulate/changes.h"
#include "simulate/method.h"
#include "simulate/report.h"
#include "simulate/run.h"

namespace sluice::simulate {
namespace {

// One line on the terminal that is written over, and wiped at the end.
class ProgressLine {
 public:
  ProgressLine(const std::string& method, std::uint64_t requests)
      : method_(method), requests_(requests) {}
  ~ProgressLine() {
    if (shown_) {
      std::fputs("\r\x1b[K", stderr);
    }
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(std::uint64_t sent) {
    shown_ = true;
    std::fprintf(stderr, "\r%s: %u %%\x1b[K", method_.c_str(),
                 static_cast<unsigned>(sent * 100 / requests_));
  }

 private:
  const std::string method_;
  const std::uint64_t requests_;
  bool shown_ = false;
};

}  // namespace

std::string simulate(const Options& options,
                     const std::vector<confparse::UpstreamSettings>& upstreams,
                     const std::string& file, bool shows_progress) {
  const Scenario scenario = make_scenario(options, upstreams, file);
  std::vector<Result> results;
  for (const confparse::UpstreamSettings& method : scenario.methods) {
    ProgressLine line(method_name(method), scenario.requests);
    const Progress progress = [&](std::uint64_t sent) { line.show(sent); };
    results.push_back(run(scenario, method, shows_progress ? progress : Progress{}));
    results.back().changes = changes(scenario, method);
  }
  if (options.json) {
    return results_json(scenario, results);
  }
  return heading_text(scenario) + "\n" +
         (results.size() == 1 ? result_text(scenario, results.front())
                              : comparison_text(scenario, results));
}

}  // namespace sluice::simulate
