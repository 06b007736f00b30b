// SPDX-License-Identifier: MIT
// Files become one tree: opens the main configuration and, where it says `include`, the others.
// load() uses it once and keeps the list of files for `-T`.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "confparse/directive.h"

namespace sluice::confparse {

class Reader {
 public:
  // `files`: instead of the disk, as in LoadRequest; outlives this.
  explicit Reader(const std::map<std::string, std::string>* files = nullptr) : given_(files) {}

  // The whole tree of a configuration, includes resolved.  `path` is absolute; includes are
  // relative to its folder, also those inside included files, as in nginx.
  std::vector<Directive> read(const std::string& path);

  // The tree of a text that is no file (`-g`); includes are relative to `folder`.
  std::vector<Directive> read_text(std::string text, std::string folder);

  // Each file once, in the order in which they were first opened.
  [[nodiscard]] const std::vector<std::shared_ptr<const SourceFile>>& files() const {
    return files_;
  }

 private:
  std::vector<Directive> read_file(const std::string& path, const Position& included_from);
  std::vector<Directive> resolve(std::vector<Directive> tree);
  void include(const Directive& line, std::vector<Directive>& into);
  std::shared_ptr<const SourceFile> open(const std::string& path, const Position& included_from);
  [[nodiscard]] std::string text_of(const std::string& path, const Position& included_from) const;
  [[nodiscard]] std::vector<std::string> matches(const std::string& pattern,
                                                 const Position& place) const;

  const std::map<std::string, std::string>* given_;
  std::string folder_;
  std::vector<std::string> open_paths_;  // from the main file down to the one being read
  std::size_t reads_ = 0;
  std::vector<std::shared_ptr<const SourceFile>> files_;
};

}  // namespace sluice::confparse
