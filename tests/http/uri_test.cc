// SPDX-License-Identifier: MIT
#include "http/uri.h"

#include <gtest/gtest.h>

#include "tests/support/cut_everywhere.h"

namespace sluice::tests {

namespace {

using namespace std::string_view_literals;

std::string normalised(std::string_view path, bool merge_slashes = true) {
  const ExactCopy bytes{path};
  std::string storage = "left over";
  return std::string{http::normalise_path(bytes.view(), merge_slashes, storage)};
}

TEST(SplitTarget, CutsAtTheFirstQuestionMarkAndDropsTheFragment) {
  const auto split = [](std::string_view text) {
    const http::Target target = http::split_target(text);
    return std::string{target.path} + " " + (target.has_args ? "?" : "-") +
           std::string{target.args};
  };
  EXPECT_EQ(split("/a"), "/a -");
  EXPECT_EQ(split("/a?"), "/a ?");
  EXPECT_EQ(split("/a?b=c"), "/a ?b=c");
  EXPECT_EQ(split("/a?b?c"), "/a ?b?c");
  EXPECT_EQ(split("/a#b?c"), "/a -");
  EXPECT_EQ(split("/a?b#c?d"), "/a ?b");
  EXPECT_EQ(split("/%3Fa%23"), "/%3Fa%23 -");
  EXPECT_EQ(split("?a"), "/ ?a");
}

TEST(NormalisePath, GivesAPlainPathBackAsItIs) {
  std::string storage;
  for (const std::string_view path : {"/", "/a", "/a/b.c/d..e/", "/a+b&c=d;e", "/\xc3\xa4"}) {
    const std::string_view normal = http::normalise_path(path, true, storage);
    EXPECT_EQ(normal, path);
    EXPECT_EQ(normal.data(), path.data());
  }
  EXPECT_EQ(http::normalise_path("//a", false, storage), "//a");
  EXPECT_TRUE(storage.empty());
}

TEST(NormalisePath, DecodesEscapes) {
  EXPECT_EQ(normalised("/%41%62"), "/Ab");
  EXPECT_EQ(normalised("/a%20b"), "/a b");
  EXPECT_EQ(normalised("/%c3%A4"), "/\xc3\xa4");
  EXPECT_EQ(normalised("/%25"), "/%");
  EXPECT_EQ(normalised("/%2541"), "/%41");
  EXPECT_EQ(normalised("/a%3Fb%23c"), "/a?b#c");
  EXPECT_EQ(normalised("/a%2Bb+"), "/a+b+");
  EXPECT_EQ(normalised("/%0a"), "/\n");
  EXPECT_EQ(normalised("/%ff"), "/\xff");
}

TEST(NormalisePath, RefusesBadEscapes) {
  for (const std::string_view path : {"/%", "/%4", "/%4g", "/%g4", "/%%41", "/%-1", "/a%", "/%00",
                                      "/a%00b", "/..%00", "/%u0041"}) {
    EXPECT_EQ(normalised(path), "") << path;
  }
}

TEST(NormalisePath, RefusesANul) {
  EXPECT_EQ(normalised("/a\0b"sv), "");
  EXPECT_EQ(normalised("/./a\0b"sv), "");
}

TEST(NormalisePath, ResolvesDotSegments) {
  EXPECT_EQ(normalised("/."), "/");
  EXPECT_EQ(normalised("/./"), "/");
  EXPECT_EQ(normalised("/a/."), "/a/");
  EXPECT_EQ(normalised("/a/./b"), "/a/b");
  EXPECT_EQ(normalised("/a/.."), "/");
  EXPECT_EQ(normalised("/a/../"), "/");
  EXPECT_EQ(normalised("/a/../b"), "/b");
  EXPECT_EQ(normalised("/a/b/.."), "/a/");
  EXPECT_EQ(normalised("/a/b/../.."), "/");
  EXPECT_EQ(normalised("/a/b/../../c"), "/c");
  EXPECT_EQ(normalised("/a/./../b/./c"), "/b/c");
  EXPECT_EQ(normalised("/.a"), "/.a");
  EXPECT_EQ(normalised("/..a/b"), "/..a/b");
  EXPECT_EQ(normalised("/.../b"), "/.../b");
  EXPECT_EQ(normalised("/a./b../"), "/a./b../");
}

TEST(NormalisePath, ResolvesEscapedDotSegmentsToo) {
  EXPECT_EQ(normalised("/a/%2e%2e/b"), "/b");
  EXPECT_EQ(normalised("/a/.%2E/b"), "/b");
  EXPECT_EQ(normalised("/a%2f..%2fb"), "/b");
  EXPECT_EQ(normalised("/%2e/a"), "/a");
  EXPECT_EQ(normalised("/a/%2e%2e%2f%2e%2e%2fb"), "");
}

TEST(NormalisePath, RefusesToLeaveTheRoot) {
  for (const std::string_view path : {"/..", "/../", "/../a", "/a/../..", "/a/../../b", "/./..",
                                      "/%2e%2e", "/%2e%2e%2fetc", "/..%2f", "//../.."}) {
    EXPECT_EQ(normalised(path), "") << path;
  }
}

TEST(NormalisePath, MergesSlashesWhenAsked) {
  EXPECT_EQ(normalised("//"), "/");
  EXPECT_EQ(normalised("//a///b"), "/a/b");
  EXPECT_EQ(normalised("/a%2f%2Fb"), "/a/b");
  EXPECT_EQ(normalised("/a//../b"), "/b");
  EXPECT_EQ(normalised("/a//./b"), "/a/b");
  EXPECT_EQ(normalised("/a/b//"), "/a/b/");
}

TEST(NormalisePath, LeavesSlashesWhenNotAsked) {
  EXPECT_EQ(normalised("//a///b", false), "//a///b");
  EXPECT_EQ(normalised("/a//../b", false), "/a/b");
  EXPECT_EQ(normalised("/a//./b", false), "/a//b");
  EXPECT_EQ(normalised("/a%2f%2Fb", false), "/a//b");
  EXPECT_EQ(normalised("//..", false), "/");
}

TEST(NormalisePath, EndsAtAFragmentOrArguments) {
  EXPECT_EQ(normalised("/a#b"), "/a");
  EXPECT_EQ(normalised("/a/..#b"), "/");
  EXPECT_EQ(normalised("/a/b?c"), "/a/b");
}

TEST(NormalisePath, RefusesWhatIsNoPath) {
  EXPECT_EQ(normalised(""), "");
  EXPECT_EQ(normalised("*"), "");
  EXPECT_EQ(normalised("a/b"), "");
  EXPECT_EQ(normalised("%2fa"), "");
}

TEST(EscapedPath, EscapesWhatNginxEscapes) {
  const auto escaped = [](std::string_view path) {
    std::string out = "http:";
    http::append_escaped_path(path, out);
    return out.substr(5);
  };
  EXPECT_EQ(escaped("/a/b.c"), "/a/b.c");
  EXPECT_EQ(escaped("/a b"), "/a%20b");
  EXPECT_EQ(escaped("/%?#"), "/%25%3F%23");
  EXPECT_EQ(escaped("\"<>\\^`{|}"), "%22%3C%3E%5C%5E%60%7B%7C%7D");
  EXPECT_EQ(escaped("!$&'()*+,-.:;=@[]_~"), "!$&'()*+,-.:;=@[]_~");
  EXPECT_EQ(escaped("\001\037\x7f\xc3\xa4"), "%01%1F%7F%C3%A4");
  EXPECT_EQ(escaped("\0"sv), "%00");
  EXPECT_EQ(escaped(""), "");
}

TEST(EscapedPath, IsDecodedToWhatItWas) {
  std::string path = "/";
  for (int byte = 1; byte < 256; ++byte) path.push_back(static_cast<char>(byte));
  std::string escaped;
  http::append_escaped_path(path, escaped);
  EXPECT_EQ(normalised(escaped), path);
}

}  // namespace

}  // namespace sluice::tests
