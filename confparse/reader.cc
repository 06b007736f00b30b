// SPDX-License-Identifier: MIT
#include "confparse/reader.h"

#include <fnmatch.h>
#include <glob.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "confparse/error.h"
#include "confparse/parser.h"
#include "confparse/paths.h"

namespace sluice::confparse {
namespace {

// Bounds on what a configuration may make us read; nginx has none and dies of open files.
constexpr std::size_t kDeepestInclude = 32;
constexpr std::size_t kMostReads = 10'000;
constexpr std::size_t kLargestFile = std::size_t{64} * 1024 * 1024;

std::string system_error(std::string_view call, std::string_view path, int error) {
  return std::string(call) + "() \"" + std::string(path) + "\" failed (" + std::to_string(error) +
         ": " + std::strerror(error) + ")";
}

// The file's text.  Not only regular files: `-c /dev/stdin` works, as in nginx.
std::string slurp(const std::string& path, const Position& place) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                       &std::fclose);
  if (!file) {
    throw ConfigError(place, system_error("open", path, errno));
  }
  std::string text;
  std::vector<char> piece(std::size_t{64} * 1024);
  while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), file.get())) {
    text.append(piece.data(), count);
    if (text.size() > kLargestFile) {
      throw ConfigError(place, "\"" + path + "\" is too large for a configuration");
    }
  }
  if (std::ferror(file.get()) != 0) {
    throw ConfigError(place, system_error("read", path, errno));
  }
  return text;
}

// The files a pattern names, sorted by name; none is fine.
std::vector<std::string> matches_on_disk(const std::string& pattern, const Position& place) {
  glob_t found{};
  const int result = glob(pattern.c_str(), 0, nullptr, &found);
  std::vector<std::string> paths;
  if (result == 0) {
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  globfree(&found);
  if (result != 0 && result != GLOB_NOMATCH) {
    throw ConfigError(place, system_error("glob", pattern, errno));
  }
  return paths;
}

bool is_pattern(std::string_view path) {
  return path.find_first_of("*?[") != std::string_view::npos;
}

}  // namespace

std::vector<Directive> Reader::read(const std::string& path) {
  folder_ = folder_of(path);
  return read_file(path, Position{});
}

std::vector<Directive> Reader::read_text(std::string text, std::string folder) {
  folder_ = std::move(folder);
  return resolve(parse(
      std::make_shared<const SourceFile>(SourceFile{std::string(kCommandLine), std::move(text)})));
}

std::vector<Directive> Reader::read_file(const std::string& path, const Position& included_from) {
  if (std::ranges::find(open_paths_, path) != open_paths_.end()) {
    throw ConfigError(included_from, "\"" + path + "\" includes itself",
                      open_paths_.back() == path ? "" : "by way of \"" + open_paths_.back() + "\"");
  }
  if (open_paths_.size() > kDeepestInclude || ++reads_ > kMostReads) {
    throw ConfigError(included_from, "too many files are included",
                      "at most " + std::to_string(kDeepestInclude) + " inside each other, " +
                          std::to_string(kMostReads) + " in all");
  }
  open_paths_.push_back(path);
  std::vector<Directive> tree = resolve(parse(open(path, included_from)));
  open_paths_.pop_back();
  return tree;
}

// Puts the directives of included files in place of the `include` lines.
std::vector<Directive> Reader::resolve(std::vector<Directive> tree) {
  std::vector<Directive> resolved;
  resolved.reserve(tree.size());
  for (Directive& directive : tree) {
    if (directive.name.text == "include") {
      include(directive, resolved);
      continue;
    }
    directive.children = resolve(std::move(directive.children));
    resolved.push_back(std::move(directive));
  }
  return resolved;
}

void Reader::include(const Directive& line, std::vector<Directive>& into) {
  if (line.has_block) {
    throw ConfigError(line.end, "directive \"include\" is not terminated by \";\"");
  }
  if (line.args.size() != 1) {
    throw ConfigError(line.name.position, "invalid number of arguments in \"include\" directive",
                      "\"include\" takes 1 word");
  }
  const Position& place = line.args[0].position;
  const std::string path = full_path(line.args[0].text, folder_);
  const auto paths = is_pattern(path) ? matches(path, place) : std::vector<std::string>{path};
  for (const std::string& each : paths) {
    std::ranges::move(read_file(each, place), std::back_inserter(into));
  }
}

std::shared_ptr<const SourceFile> Reader::open(const std::string& path,
                                               const Position& included_from) {
  const auto known = std::ranges::find(files_, path, [](const auto& file) { return file->path; });
  if (known != files_.end()) {
    return *known;
  }
  return files_.emplace_back(
      std::make_shared<const SourceFile>(SourceFile{path, text_of(path, included_from)}));
}

std::string Reader::text_of(const std::string& path, const Position& included_from) const {
  if (given_ == nullptr) {
    return slurp(path, included_from);
  }
  const auto found = given_->find(path);
  if (found == given_->end()) {
    throw ConfigError(included_from, system_error("open", path, ENOENT));
  }
  return found->second;
}

std::vector<std::string> Reader::matches(const std::string& pattern, const Position& place) const {
  if (given_ == nullptr) {
    return matches_on_disk(pattern, place);
  }
  std::vector<std::string> paths;
  for (const auto& [path, text] : *given_) {
    if (fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0) {
      paths.push_back(path);
    }
  }
  return paths;
}

}  // namespace sluice::confparse
