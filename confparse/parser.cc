// SPDX-License-Identifier: MIT
#include "confparse/parser.h"

#include <iterator>
#include <string>
#include <utility>

#include "confparse/error.h"
#include "confparse/lexer.h"

namespace sluice::confparse {
namespace {

// Real configurations need six; the limit keeps our stack safe from any input.
constexpr int kDeepestBlock = 64;

Directive make_directive(Statement statement) {
  Directive directive;
  directive.name = std::move(statement.words.front());
  directive.args.assign(std::make_move_iterator(statement.words.begin() + 1),
                        std::make_move_iterator(statement.words.end()));
  directive.has_block = statement.ending == Ending::block_open;
  directive.end = std::move(statement.position);
  return directive;
}

std::string opened_by(const Directive& block) {
  return "the block \"" + block.name.text + "\" opened in line " +
         std::to_string(block.name.position.line) + " is not closed";
}

// The children of `block`, or of the file when there is none.
std::vector<Directive> parse_block(Lexer& lexer, const Directive* block, int depth) {
  std::vector<Directive> directives;
  for (;;) {
    Statement statement = lexer.next();
    if (statement.ending == Ending::end_of_file) {
      if (block != nullptr) {
        throw ConfigError(statement.position, "unexpected end of file, expecting \"}\"",
                          opened_by(*block));
      }
      return directives;
    }
    if (statement.ending == Ending::block_close) {
      if (block == nullptr) {
        throw ConfigError(statement.position, "unexpected \"}\"", "no block is open here");
      }
      return directives;
    }
    Directive& directive = directives.emplace_back(make_directive(std::move(statement)));
    if (directive.has_block) {
      if (depth == kDeepestBlock) {
        throw ConfigError(directive.name.position, "blocks are nested too deeply",
                          "at most " + std::to_string(kDeepestBlock) + " levels");
      }
      directive.children = parse_block(lexer, &directive, depth + 1);
    }
  }
}

}  // namespace

std::vector<Directive> parse(std::shared_ptr<const SourceFile> file) {
  Lexer lexer(std::move(file));
  return parse_block(lexer, nullptr, 0);
}

}  // namespace sluice::confparse
