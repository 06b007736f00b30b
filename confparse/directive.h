// SPDX-License-Identifier: MIT
// The tree a configuration becomes before anything in it is understood.
#pragma once

#include <string>
#include <vector>

#include "confparse/position.h"

namespace sluice::confparse {

// One word: quotes taken off, escapes resolved.
struct Word {
  std::string text;
  Position position;
  bool quoted = false;
};

// `name argument argument;` or `name argument { children }`.
struct Directive {
  Word name;
  std::vector<Word> args;
  bool has_block = false;
  std::vector<Directive> children;
  Position end;  // the `;` or the `{`
};

}  // namespace sluice::confparse
