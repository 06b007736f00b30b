// SPDX-License-Identifier: MIT
// Targets of requests: what is understood, and what of it the peer sees.
#include "tests/oracle/oracle.h"

namespace sluice::tests::oracle {
namespace {

// What was asked for goes on as it came below /, decoded and encoded again below /fixed/.
const std::string kProxy = R"(
  server {
    listen @listen@;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header X-Uri "$uri";
    location / { proxy_pass http://@peer@; }
    location /fixed/ { proxy_pass http://@peer@/to/; }
  })";

const std::string kUnmerged = R"(
  merge_slashes off;
  server {
    listen @listen@;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header X-Uri "$uri";
    location / { proxy_pass http://@peer@; }
    location /fixed/ { proxy_pass http://@peer@/to/; }
  })";

struct Target {
  const char* name;
  std::string text;
};

const Target kTargets[] = {
    {"Root", "/"},
    {"Plain", "/a/b"},
    {"TrailingSlash", "/a/b/"},
    {"Args", "/a?b=c&d"},
    {"EmptyArgs", "/a?"},
    {"EmptyArgsReplaced", "/fixed/a?"},
    {"ArgsWithQuestionMarks", "/a?b?c"},
    {"ArgsWithSlashes", "/fixed/a?b=/../c"},
    {"ArgsWithEscapes", "/fixed/a?b=%2f%00%zz"},
    {"EscapedSpace", "/a%20b"},
    {"EscapedSpaceReplaced", "/fixed/a%20b"},
    {"PlusReplaced", "/fixed/a+b"},
    {"EscapedSlash", "/a%2fb"},
    {"EscapedSlashReplaced", "/fixed/a%2Fb"},
    {"EscapedPercentReplaced", "/fixed/a%25b"},
    {"EscapedTwiceReplaced", "/fixed/a%2541b"},
    {"EscapedQuestionMarkReplaced", "/fixed/a%3fb?c"},
    {"EscapedHashReplaced", "/fixed/a%23b"},
    {"EscapedLetterReplaced", "/fixed/%41%7a"},
    {"EscapedSemicolonAndColonReplaced", "/fixed/a%3Bb%3Ac"},
    {"EscapedQuotesReplaced", "/fixed/%22%27%3c%3e"},
    {"EscapedBackslashReplaced", "/fixed/a%5cb"},
    {"EscapedControlReplaced", "/fixed/a%01b%1fc%7f"},
    {"EscapedNewlineReplaced", "/fixed/a%0d%0ab"},
    {"EscapedTopBytesReplaced", "/fixed/%c3%a9%ff"},
    {"TopBytes", "/\xc3\xa9"},
    {"TopBytesReplaced", "/fixed/\xc3\xa9"},
    {"UnescapedOddCharactersReplaced", "/fixed/a|b^c{d}e`f\"g<h>"},
    {"Backslash", "/a\\b"},
    {"TildeAndOthersReplaced", "/fixed/~!$&'()*,;=:@-_."},
    {"EscapedNul", "/a%00b"},
    {"HalfAnEscape", "/a%2"},
    {"EscapeOfNothing", "/a%"},
    {"EscapeOfNoHex", "/a%zz"},
    {"EscapeOfNoHexInArgs", "/a?b=%zz"},
    {"DotSegments", "/a/../b/./c"},
    {"DotSegmentsReplaced", "/fixed/x/../b/./c"},
    {"DotsAtTheEnd", "/fixed/a/.."},
    {"DotAtTheEnd", "/fixed/a/."},
    {"DotsBeforeArgs", "/fixed/a/..?b"},
    {"DotsBeforeFragment", "/fixed/a/..#b"},
    {"ThreeDots", "/fixed/a/.../b"},
    {"NamesWithDots", "/fixed/.a/..b/c./d.."},
    {"DotsAboveTheRoot", "/.."},
    {"DotsAboveTheRootLater", "/a/../../b"},
    {"DotsOutOfTheLocation", "/fixed/../a"},
    {"DotsIntoTheLocation", "/a/../fixed/b"},
    {"EscapedDotsAboveTheRoot", "/%2e%2e/a"},
    {"EscapedDotsReplaced", "/fixed/a/%2e%2E/b"},
    {"DotsAndEscapedSlash", "/fixed/a/..%2fb"},
    {"SlashesReplaced", "/fixed//a///b"},
    {"SlashesAtTheStart", "//a///b"},
    {"SlashesAndDots", "/fixed/a//../b"},
    {"EscapedSlashesReplaced", "/fixed/%2f%2fa"},
    {"Fragment", "/a#b"},
    {"FragmentReplaced", "/fixed/a#b?c"},
    {"FragmentAfterArgs", "/fixed/a?b#c"},
    {"LocationWithoutItsSlash", "/fixed"},
    {"AbsoluteForm", "http://b.test/a"},
    {"AbsoluteFormWithPort", "http://b.test:81/a"},
    {"AbsoluteFormWithoutPath", "http://b.test"},
    {"AbsoluteFormWithArgsOnly", "http://b.test?a"},
    {"AbsoluteFormReplaced", "http://b.test/fixed/a%20b?c"},
    {"AbsoluteFormInCapitals", "HTTP://B.Test/a"},
    {"AbsoluteFormOfAnotherScheme", "ftp://b.test/a"},
    {"AbsoluteFormWithoutHost", "http:///a"},
    {"AbsoluteFormWithAddress", "http://127.0.0.1/a"},
    {"AbsoluteFormWithAddressOfSix", "http://[::1]:80/a"},
    {"AbsoluteFormWithUser", "http://me@b.test/a"},
    {"NoSlash", "a"},
    {"Star", "*"},
    {"QuestionMarkOnly", "?a"},
    {"Semicolon", "/fixed/a;b=c/d"},
    {"LongPath", "/" + std::string(900, 'a')},
    {"LongArgs", "/fixed/?" + std::string(3000, 'a')},
};

const std::string kEscapes = "a URI with bytes that should have been escaped";

const std::string kLineBreaks = "`$uri` and captures in headers";

const Differences kDifferences = {
    {"TopBytesReplaced",
     {kEscapes,
      passed(
          "GET /to/\\xc3\\xa9 HTTP/1.1\\r\\nX-Uri: /fixed/\\xc3\\xa9\\r\\nHost: PEER\\r\\n\\r\\n"),
      passed("GET /to/%C3%A9 HTTP/1.1\\r\\nX-Uri: /fixed/\\xc3\\xa9\\r\\nHost: PEER\\r\\n\\r\\n")}},
    {"UnescapedOddCharactersReplaced",
     {kEscapes,
      passed("GET /to/a|b^c{d}e`f\"g<h> HTTP/1.1\\r\\nX-Uri: /fixed/a|b^c{d}e`f\"g<h>\\r\\nHost: "
             "PEER\\r\\n\\r\\n"),
      passed("GET /to/a%7Cb%5Ec%7Bd%7De%60f%22g%3Ch%3E HTTP/1.1\\r\\nX-Uri: "
             "/fixed/a|b^c{d}e`f\"g<h>\\r\\nHost: PEER\\r\\n\\r\\n")}},
    {"EscapedNewlineReplaced",
     {kLineBreaks,
      passed("GET /to/a%0D%0Ab HTTP/1.1\\r\\nX-Uri: /fixed/a\\r\\nb\\r\\nHost: PEER\\r\\n\\r\\n"),
      passed("GET /to/a%0D%0Ab HTTP/1.1\\r\\nX-Uri: /fixed/a  b\\r\\nHost: PEER\\r\\n\\r\\n")}},
};

std::vector<Pair> rows() {
  std::vector<Pair> pairs;
  for (const Target& target : kTargets) pairs.push_back({target.name, kProxy, {get(target.text)}});
  for (const Target& target : {Target{"UnmergedSlashes", "/fixed//a///b"},
                               Target{"UnmergedSlashesAndDots", "/fixed/a//../b"},
                               Target{"UnmergedSlashesAtTheStart", "//fixed/a"},
                               Target{"UnmergedEscapedSlashes", "/fixed/a%2f%2fb"}}) {
    pairs.push_back({target.name, kUnmerged, {get(target.text)}});
  }
  return with(pairs, kDifferences);
}

INSTANTIATE_TEST_SUITE_P(Uris, Oracle, testing::ValuesIn(rows()), name_of);

}  // namespace
}  // namespace sluice::tests::oracle
