// SPDX-License-Identifier: MIT
#include "http/body.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/support/cut_everywhere.h"

namespace sluice::tests {

namespace {

using namespace std::string_view_literals;
using Kind = http::Framing::Kind;

struct Body {
  std::string content;
  std::size_t consumed = 0;
  bool done = false;
  bool invalid = false;

  bool operator==(const Body&) const = default;
};

void PrintTo(const Body& body, std::ostream* out) {
  *out << '"' << body.content << "\", consumed " << body.consumed << (body.done ? ", done" : "")
       << (body.invalid ? ", invalid" : "");
}

// Takes what can be taken of `bytes`; false when no more is to be given.
bool take_all(http::BodyReader& reader, std::string_view bytes, Body& to) {
  for (;;) {
    const http::BodyReader::Step step = reader.take(bytes);
    EXPECT_LE(step.consumed, bytes.size());
    to.content += step.piece;
    to.consumed += step.consumed;
    bytes.remove_prefix(step.consumed);
    to.done = reader.done();
    to.invalid = step.invalid;
    if (to.done || to.invalid) return false;
    if (step.piece.empty()) {
      EXPECT_TRUE(bytes.empty());
      return true;
    }
  }
}

Body read_parts(const http::Framing& framing, const std::vector<std::string_view>& parts) {
  http::BodyReader reader;
  reader.restart(framing);
  Body body;
  for (const std::string_view part : parts) {
    const ExactCopy bytes{part};
    if (!take_all(reader, bytes.view(), body)) break;
  }
  return body;
}

Body read_everywhere(const http::Framing& framing, std::string_view text) {
  const Body whole = read_parts(framing, {text});
  for (const auto& [first, second] : cut_everywhere(text)) {
    EXPECT_EQ(read_parts(framing, {first, second}), whole) << "cut after " << first.size();
  }
  EXPECT_EQ(read_parts(framing, byte_by_byte(text)), whole) << "byte by byte";
  return whole;
}

Body read_chunked(std::string_view text) {
  return read_everywhere({Kind::chunked, 0}, text);
}

struct Row {
  const char* what;
  std::string_view text;
  std::string_view content;
  enum { done, unfinished, invalid } end;
};

const Row kChunked[] = {
    {"one chunk", "5\r\nhello\r\n0\r\n\r\n", "hello", Row::done},
    {"two chunks", "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n", "abcdefg", Row::done},
    {"no chunk", "0\r\n\r\n", "", Row::done},
    {"a size of several zeros", "000\r\n\r\n", "", Row::done},
    {"zeros before a size", "0000000000000002\r\nab\r\n0\r\n\r\n", "ab", Row::done},
    {"a size in capitals", "A\r\n0123456789\r\n0\r\n\r\n", "0123456789", Row::done},
    {"a size in small letters", "a\r\n0123456789\r\n0\r\n\r\n", "0123456789", Row::done},
    {"a size of two digits", "10\r\n0123456789abcdef\r\n0\r\n\r\n", "0123456789abcdef", Row::done},
    {"content of line ends", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n", Row::done},
    {"content that looks like an end", "5\r\n0\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n", Row::done},
    {"content of NUL", "2\r\n\0\0\r\n0\r\n\r\n"sv, "\0\0"sv, Row::done},
    {"an extension", "1;a\r\nx\r\n0\r\n\r\n", "x", Row::done},
    {"an extension with a value", "1;a=b\r\nx\r\n0\r\n\r\n", "x", Row::done},
    {"two extensions", "1;a=b;c\r\nx\r\n0\r\n\r\n", "x", Row::done},
    {"a quoted value", "1;a=\"b c\"\r\nx\r\n0\r\n\r\n", "x", Row::done},
    {"a quoted quote", "1;a=\"\\\"\"\r\nx\r\n0\r\n\r\n", "x", Row::done},
    {"an empty quoted value", "1;a=\"\";b\r\nx\r\n0\r\n\r\n", "x", Row::done},
    {"a semicolon in quotes", "1;a=\";\"\r\nx\r\n0\r\n\r\n", "x", Row::done},
    {"an extension of the last chunk", "0;a=b\r\n\r\n", "", Row::done},
    {"a trailer", "1\r\nx\r\n0\r\nA: b\r\n\r\n", "x", Row::done},
    {"two trailers", "0\r\nA: b\r\nC:\r\n\r\n", "", Row::done},
    {"a trailer without blanks", "0\r\na:b\r\n\r\n", "", Row::done},
    {"a trailer with a tab", "0\r\nA:\tb\r\n\r\n", "", Row::done},
    {"a trailer that would frame", "0\r\nContent-Length: 5\r\n\r\n", "", Row::done},

    {"nothing", "", "", Row::unfinished},
    {"half a size", "1", "", Row::unfinished},
    {"a size", "5\r\n", "", Row::unfinished},
    {"half a chunk", "5\r\nhel", "hel", Row::unfinished},
    {"a chunk without its line end", "5\r\nhello", "hello", Row::unfinished},
    {"the last chunk without its end", "0\r\n", "", Row::unfinished},
    {"a trailer without the end", "0\r\nA: b\r\n", "", Row::unfinished},
    {"a huge chunk", "7fffffffffffffff\r\nx", "x", Row::unfinished},

    {"a bare LF after a size", "5\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a bare CR after a size", "5\rhello\r\n0\r\n\r\n", "", Row::invalid},
    {"two CR after a size", "5\r\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a bare LF after content", "5\r\nhello\n0\r\n\r\n", "hello", Row::invalid},
    {"a bare CR after content", "5\r\nhello\r0\r\n\r\n", "hello", Row::invalid},
    {"no line end after content", "5\r\nhello0\r\n\r\n", "hello", Row::invalid},
    {"more content than announced", "4\r\nhello\r\n0\r\n\r\n", "hell", Row::invalid},
    {"less content than announced", "6\r\nhello\r\n0\r\n\r\n", "hello\r", Row::invalid},
    {"two line ends after content", "5\r\nhello\r\n\r\n0\r\n\r\n", "hello", Row::invalid},
    {"a line end before the size", "\r\n5\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"an empty size", ";a\r\n", "", Row::invalid},
    {"a blank before the size", " 5\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a blank after the size", "5 \r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a tab after the size", "5\t\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a prefix 0x", "0x5\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a plus", "+5\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a minus", "-5\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a letter beyond f", "g\r\n", "", Row::invalid},
    {"an underscore in the size", "1_0\r\n", "", Row::invalid},
    {"a comma in the size", "1,0\r\n", "", Row::invalid},
    {"a NUL in the size", "5\0\r\nhello\r\n0\r\n\r\n"sv, "", Row::invalid},
    {"other digits", "\xd9\xa5\r\n", "", Row::invalid},
    {"seventeen digits", "00000000000000005\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a size of 2^63", "8000000000000000\r\n", "", Row::invalid},
    {"a size of 2^64 - 1", "ffffffffffffffff\r\n", "", Row::invalid},
    {"a size of 2^64 and five", "10000000000000005\r\n", "", Row::invalid},
    {"an extension without a name", "5;\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a blank before an extension", "5 ;a\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a blank in an extension", "5; a\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a value without a name", "5;=b\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a name without its value", "5;a=\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"two values", "5;a=b=c\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a bare LF in an extension", "5;a\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a bare CR in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a NUL in an extension", "5;a\0\r\nhello\r\n0\r\n\r\n"sv, "", Row::invalid},
    {"a control byte in quotes", "5;a=\"\001\"\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a line end in quotes", "5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a bare LF in quotes", "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"an escaped line end in quotes", "5;a=\"\\\n\"\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"text after quotes", "5;a=\"b\"c\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a byte above 0x7f in an extension", "5;\xc3\xa4\r\nhello\r\n0\r\n\r\n", "", Row::invalid},
    {"a bare LF for the end", "0\r\n\n", "", Row::invalid},
    {"a bare CR for the end", "0\r\n\rX", "", Row::invalid},
    {"bare LFs for the end", "0\n\n", "", Row::invalid},
    {"another request at once", "0\r\nGET / HTTP/1.1\r\n\r\n", "", Row::invalid},
    {"a trailer without a colon", "0\r\nA\r\n\r\n", "", Row::invalid},
    {"a trailer without a name", "0\r\n: b\r\n\r\n", "", Row::invalid},
    {"a blank before a trailer", "0\r\n A: b\r\n\r\n", "", Row::invalid},
    {"a blank before a trailer's colon", "0\r\nA : b\r\n\r\n", "", Row::invalid},
    {"a folded trailer", "0\r\nA: b\r\n c\r\n\r\n", "", Row::invalid},
    {"a bare LF after a trailer", "0\r\nA: b\n\r\n", "", Row::invalid},
    {"a bare CR in a trailer", "0\r\nA: b\rc\r\n\r\n", "", Row::invalid},
    {"a NUL in a trailer", "0\r\nA: \0\r\n\r\n"sv, "", Row::invalid},
    {"a control byte in a trailer's name", "0\r\nA\001: b\r\n\r\n", "", Row::invalid},
};

TEST(ChunkedBody, IsReadTheSameWhereverItIsCut) {
  for (const Row& row : kChunked) {
    SCOPED_TRACE(row.what);
    const Body body = read_chunked(row.text);
    EXPECT_EQ(body.content, row.content);
    EXPECT_EQ(body.done, row.end == Row::done);
    EXPECT_EQ(body.invalid, row.end == Row::invalid);
    if (!body.invalid) {
      EXPECT_EQ(body.consumed, row.text.size());
    }
  }
}

TEST(ChunkedBody, LeavesWhatFollowsIt) {
  const std::string_view body = "1\r\nx\r\n0\r\nA: b\r\n\r\n";
  const Body read = read_chunked(std::string{body} + "GET / HTTP/1.1\r\n");
  EXPECT_EQ(read.consumed, body.size());
  EXPECT_TRUE(read.done);
}

TEST(ChunkedBody, GivesAChunkAsOneView) {
  http::BodyReader reader;
  reader.restart({Kind::chunked, 0});
  const std::string content(100'000, 'x');
  const std::string text = "186a0\r\n" + content + "\r\n0\r\n\r\n";
  const auto step = reader.take(text);
  EXPECT_EQ(step.piece.size(), content.size());
  EXPECT_EQ(step.piece.data(), text.data() + 7);
  EXPECT_EQ(step.consumed, 7 + content.size());
  EXPECT_FALSE(reader.done());
  EXPECT_TRUE(reader.take(std::string_view{text}.substr(step.consumed)).piece.empty());
  EXPECT_TRUE(reader.done());
}

TEST(ChunkedBody, TellsWhatIsLeftOfTheChunk) {
  http::BodyReader reader;
  reader.restart({Kind::chunked, 0});
  EXPECT_EQ(reader.remaining(), 0U);
  reader.take("ff\r\nabc");
  EXPECT_EQ(reader.remaining(), 252U);
  reader.skip(252);
  EXPECT_EQ(reader.remaining(), 0U);
  EXPECT_FALSE(reader.take("\r\n0\r\n\r\n").invalid);
  EXPECT_TRUE(reader.done());
}

TEST(ChunkedBody, KeepsItsTrailersForThoseWhoWantThem) {
  const std::string text = "1\r\nx\r\n0\r\nA: b\r\nC:\r\n\r\nnext";
  for (const auto& [first, second] : cut_everywhere(text)) {
    std::string trailers;
    http::BodyReader reader;
    reader.restart({Kind::chunked, 0});
    reader.keep_trailers(&trailers);
    Body body;
    if (take_all(reader, first, body)) {
      take_all(reader, second, body);
    }
    EXPECT_TRUE(body.done);
    EXPECT_EQ(trailers, "A: b\r\nC:\r\n");
    reader.restart({Kind::chunked, 0});  // nobody wants those of the next
    reader.take("0\r\nD: e\r\n\r\n");
    EXPECT_EQ(trailers, "A: b\r\nC:\r\n");
  }
}

TEST(ChunkedBody, BoundsExtensionsAndTrailers) {
  const auto with_extension = [](std::size_t size) {
    return "1;" + std::string(size, 'a') + "\r\nx\r\n0\r\n\r\n";
  };
  const auto parts = [](const std::string& text) {
    return read_parts({Kind::chunked, 0}, {std::string_view{text}});
  };
  EXPECT_TRUE(parts(with_extension(1000)).done);
  EXPECT_TRUE(parts(with_extension(1025)).invalid);
  EXPECT_TRUE(parts("0\r\nA: " + std::string(8000, 'b') + "\r\n\r\n").done);
  EXPECT_TRUE(parts("0\r\nA: " + std::string(8200, 'b') + "\r\n\r\n").invalid);
  std::string many = "0\r\n";
  for (int i = 0; i < 2000; ++i) many += "A: b\r\n";
  EXPECT_TRUE(parts(many + "\r\n").invalid);
}

TEST(ChunkedBody, CountsExtensionsPerChunk) {
  std::string text;
  for (int i = 0; i < 10; ++i) text += "1;" + std::string(900, 'a') + "\r\nx\r\n";
  EXPECT_TRUE(read_parts({Kind::chunked, 0}, {text, "0\r\n\r\n"}).done);
}

TEST(ChunkedBody, StaysInvalid) {
  http::BodyReader reader;
  reader.restart({Kind::chunked, 0});
  EXPECT_TRUE(reader.take("x").invalid);
  EXPECT_TRUE(reader.take("0\r\n\r\n").invalid);
  EXPECT_TRUE(reader.take("").invalid);
  EXPECT_FALSE(reader.done());
  reader.restart({Kind::chunked, 0});
  EXPECT_FALSE(reader.take("0\r\n\r\n").invalid);
  EXPECT_TRUE(reader.done());
}

TEST(BodyOfALength, IsReadTheSameWhereverItIsCut) {
  const Body body = read_everywhere({Kind::length, 5}, "hellomore");
  EXPECT_EQ(body.content, "hello");
  EXPECT_EQ(body.consumed, 5U);
  EXPECT_TRUE(body.done);
}

TEST(BodyOfALength, TellsWhatIsLeft) {
  http::BodyReader reader;
  reader.restart({Kind::length, 10});
  EXPECT_EQ(reader.remaining(), 10U);
  EXPECT_EQ(reader.take("abc").piece, "abc");
  EXPECT_EQ(reader.remaining(), 7U);
  EXPECT_FALSE(reader.done());
  reader.skip(7);
  EXPECT_TRUE(reader.done());
  EXPECT_FALSE(reader.close_completes());
}

TEST(BodyOfALength, OfZeroIsDoneAtOnce) {
  http::BodyReader reader;
  reader.restart({Kind::length, 0});
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.take("GET").consumed, 0U);
}

TEST(NoBody, IsDoneAtOnceAndTakesNothing) {
  http::BodyReader reader;
  EXPECT_TRUE(reader.done());
  reader.restart({});
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.take("GET").consumed, 0U);
  EXPECT_EQ(reader.remaining(), 0U);
}

TEST(BodyUntilClose, TakesAllAndIsCompletedByTheClose) {
  const Body body = read_everywhere({Kind::until_close, 0}, "anything\r\n\r\n");
  EXPECT_EQ(body.content, "anything\r\n\r\n");
  EXPECT_FALSE(body.done);
  http::BodyReader reader;
  reader.restart({Kind::until_close, 0});
  EXPECT_TRUE(reader.close_completes());
  EXPECT_EQ(reader.remaining(), std::numeric_limits<std::uint64_t>::max());
}

}  // namespace

}  // namespace sluice::tests
