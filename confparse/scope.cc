// SPDX-License-Identifier: MIT
#include "confparse/scope.h"

#include "confparse/line.h"

namespace sluice::confparse {
namespace {

void apply(const Directive& directive, const Rule& rule, Scope& scope) {
  Line line(directive, scope);
  if (!scope.first_use(&rule) && (rule.traits & kRepeats) == 0) {
    line.fail("\"" + line.name() + "\" directive is duplicate");
  }
  rule.setter.set(line);
}

}  // namespace

void apply_block(const std::vector<Directive>& lines, Scope& scope) {
  struct Found {
    const Directive* directive;
    const Rule* rule;
  };
  std::vector<Found> blocks;
  for (const Directive& directive : lines) {
    const Rule& rule = scope.loading.rules.find(directive, scope.context);
    if ((rule.traits & kEnters) != 0) {
      blocks.push_back({&directive, &rule});
    } else {
      apply(directive, rule, scope);
    }
  }
  for (const Found& block : blocks) {
    apply(*block.directive, *block.rule, scope);
  }
}

}  // namespace sluice::confparse
