// SPDX-License-Identifier: MIT
#include "confparse/lexer.h"

#include <gtest/gtest.h>

#include "confparse/error.h"

namespace sluice::confparse {
namespace {

Lexer lexer_of(std::string text) {
  return Lexer(std::make_shared<const SourceFile>(SourceFile{"test.conf", std::move(text)}));
}

std::vector<std::string> words_of(std::string text) {
  std::vector<std::string> words;
  for (const Word& word : lexer_of(std::move(text)).next().words) {
    words.push_back(word.text);
  }
  return words;
}

std::string error_in(std::string text) {
  Lexer lexer = lexer_of(std::move(text));
  try {
    while (lexer.next().ending != Ending::end_of_file) {
    }
  } catch (const ConfigError& error) {
    return std::to_string(error.position().line) + ":" + std::to_string(error.position().column) +
           " " + error.what();
  }
  return "no error";
}

using Words = std::vector<std::string>;

TEST(Lexer, SplitsWordsAtBlanksOfEveryKind) {
  EXPECT_EQ(words_of("a b\tc\r\nd\n\n e;"), (Words{"a", "b", "c", "d", "e"}));
}

TEST(Lexer, TakesQuotesOfBothKindsOff) {
  EXPECT_EQ(words_of("a 'b \"c\" d' \"e 'f' {;}\";"), (Words{"a", "b \"c\" d", "e 'f' {;}"}));
}

TEST(Lexer, LeavesAQuoteInsideAWordAlone) {
  EXPECT_EQ(words_of("a b\"c d\"e;"), (Words{"a", "b\"c", "d\"e"}));
}

TEST(Lexer, ResolvesTheEscapesOfNginxInsideAndOutsideQuotes) {
  EXPECT_EQ(words_of(R"(a\"b\'c\\d\te\rf\ng;)"), Words{"a\"b'c\\d\te\rf\ng"});
  EXPECT_EQ(words_of(R"("a\"b\'c\\d\te\rf\ng";)"), Words{"a\"b'c\\d\te\rf\ng"});
}

TEST(Lexer, KeepsABackslashThatEscapesNothing) {
  EXPECT_EQ(words_of(R"(~ \.php$ "\d\.";)"), (Words{"~", R"(\.php$)", R"(\d\.)"}));
}

TEST(Lexer, LetsAnEscapedCharacterNotEndAWord) {
  EXPECT_EQ(words_of("a\\ b\\;c\\{d;"), Words{"a\\ b\\;c\\{d"});
}

TEST(Lexer, KeepsNewlinesInsideQuotes) {
  EXPECT_EQ(words_of("\"a\nb\";"), Words{"a\nb"});
}

TEST(Lexer, SkipsCommentsButNotAHashInsideAWord) {
  EXPECT_EQ(words_of("# x; {\n a # \"b\n c#d;"), (Words{"a", "c#d"}));
}

TEST(Lexer, ReadsBracesBehindADollarAsPartOfTheWord) {
  EXPECT_EQ(words_of("${a}b $c{"), (Words{"${a}b", "$c"}));
}

TEST(Lexer, ReadsAClosingBraceInsideAWordAsALetter) {
  EXPECT_EQ(words_of("a b};"), (Words{"a", "b}"}));
}

TEST(Lexer, SeesGluedEndings) {
  Lexer lexer = lexer_of("a{b;c}");
  EXPECT_EQ(lexer.next().ending, Ending::block_open);
  EXPECT_EQ(lexer.next().ending, Ending::semicolon);
  EXPECT_EQ(error_in("a{b;c}"), "1:7 unexpected end of file, expecting \";\" or \"}\"");
}

TEST(Lexer, LetsABracketFollowAQuotedWord) {
  EXPECT_EQ(words_of("if ($a = \"b\") {"), (Words{"if", "($a", "=", "b", ")"}));
}

TEST(Lexer, TakesAnEmptyQuotedWord) {
  EXPECT_EQ(words_of("a \"\";"), (Words{"a", ""}));
}

TEST(Lexer, SkipsAByteOrderMark) {
  EXPECT_EQ(words_of("\xEF\xBB\xBF"
                     "a;"),
            Words{"a"});
}

TEST(Lexer, KnowsWhereEachWordStands) {
  const Statement statement = lexer_of("a\n  'b c' d;").next();
  const Position& quoted = statement.words[1].position;
  EXPECT_EQ(quoted.line, 2U);
  EXPECT_EQ(quoted.column, 3U);
  EXPECT_EQ(quoted.length, 5U);
  EXPECT_EQ(statement.words[2].position.column, 9U);
  EXPECT_EQ(statement.position.column, 10U);
  EXPECT_EQ(quoted.file->path, "test.conf");
}

TEST(Lexer, RefusesWhatNginxRefuses) {
  EXPECT_EQ(error_in(";"), "1:1 unexpected \";\"");
  EXPECT_EQ(error_in("a;\n {"), "2:2 unexpected \"{\"");
  EXPECT_EQ(error_in("a }"), "1:3 unexpected \"}\"");
  EXPECT_EQ(error_in("\"a\"b;"), "1:4 unexpected \"b\"");
  EXPECT_EQ(error_in("a\n"), "2:1 unexpected end of file, expecting \";\" or \"}\"");
  EXPECT_EQ(error_in("a 'b;\n"), "2:1 unexpected end of file, expecting \";\" or \"}\"");
  EXPECT_EQ(error_in("a\\"), "1:3 unexpected end of file, expecting \";\" or \"}\"");
}

TEST(Lexer, TakesBinaryBytesAndHugeWords) {
  EXPECT_EQ(words_of(std::string("\0\x01\xFF;", 4)), Words{std::string("\0\x01\xFF", 3)});
  EXPECT_EQ(words_of(std::string(1'000'000, 'x') + ";").at(0).size(), 1'000'000U);
}

}  // namespace
}  // namespace sluice::confparse
