// SPDX-License-Identifier: MIT
#include "tests/oracle/files.h"

#include <memory>

#include <fcntl.h>
#include <sys/stat.h>

namespace sluice::tests::oracle {
namespace {

constexpr std::pair<const char*, const char*> kFiles[] = {
    {"index.html", "front page\n"},
    {"plain.txt", "0123456789\n"},
    {"page.html", "<p>page</p>\n"},
    {"empty.txt", ""},
    {"with space.txt", "spaced\n"},
    {"sub/index.html", "sub index\n"},
    {"sub/page.html", "sub page\n"},
    {"bare/page.html", "bare page\n"},
    {"with folder/index.html", "spaced index\n"},
    {"app.js", "let a;\n"},
    {"data.unknown", "data\n"},
};

constexpr timespec kChanged{784111777, 0};  // Sun, 06 Nov 1994 08:49:37 GMT

}  // namespace

const TempFolder& files() {
  static const auto folder = [] {
    auto made = std::make_unique<TempFolder>();
    ::chmod(made->path().c_str(), 0755);
    for (const auto& [name, text] : kFiles) {
      const timespec times[] = {kChanged, kChanged};
      ::utimensat(AT_FDCWD, made->write(name, text).c_str(), times, 0);
    }
    return made;
  }();
  return *folder;
}

}  // namespace sluice::tests::oracle
