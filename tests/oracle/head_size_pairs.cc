// SPDX-License-Identifier: MIT
// How large a head may be: to the byte, by line and as a whole.
#include "tests/oracle/oracle.h"

namespace sluice::tests::oracle {
namespace {

const std::string kAnswer = " server { listen @listen@; return 200 ok; }";
const std::string kSmall =
    "client_header_buffer_size 256; large_client_header_buffers 2 512;" + kAnswer;
const std::string kFirstIsLarger =
    "client_header_buffer_size 2k; large_client_header_buffers 2 512;" + kAnswer;
const std::string kOneLarge =
    "client_header_buffer_size 256; large_client_header_buffers 1 1k;" + kAnswer;
const std::string kDefaults = kAnswer;

struct Lines {
  std::size_t count;
  std::size_t size;  // of each, with its end
};

std::string lines_of(const Lines& lines) {
  std::string text;
  for (std::size_t i = 0; i < lines.count; ++i) {
    text += "H: " + std::string(lines.size - 5, 'c') + "\r\n";
  }
  return text;
}

// A request line of this size, with its end.
std::string target_of(std::size_t size) {
  return "/" + std::string(size - std::string("GET / HTTP/1.1\r\n").size(), 'a');
}

std::vector<Pair> rows() {
  std::vector<Pair> pairs;
  const auto add = [&](const std::string& name, const std::string& configuration,
                       const std::string& text) {
    pairs.push_back({name, configuration, {text}});
  };
  for (std::size_t size = 505; size <= 516; ++size) {
    const std::string number = std::to_string(size);
    add("HeaderLineOf" + number, kSmall, get("/", lines_of({1, size})));
    add("RequestLineOf" + number, kSmall, get(target_of(size)));
    add("BehindALargerBufferHeaderLineOf" + number, kFirstIsLarger,
        get("/", lines_of({1, 1500}) + lines_of({1, size})));
  }
  for (const std::size_t size : {8190U, 8191U, 8192U, 8193U, 8194U}) {
    const std::string number = std::to_string(size);
    add("HeaderLineOf" + number, kDefaults, get("/", lines_of({1, size})));
    add("RequestLineOf" + number, kDefaults, get(target_of(size)));
  }
  for (std::size_t count = 7; count <= 14; ++count) {
    add("LinesOf106Count" + std::to_string(count), kSmall, get("/", lines_of({count, 106})));
    add("OneLargeLinesOf106Count" + std::to_string(count), kOneLarge,
        get("/", lines_of({count, 106})));
  }
  for (std::size_t count = 28; count <= 35; ++count) {
    add("LinesOf1006Count" + std::to_string(count), kDefaults, get("/", lines_of({count, 1006})));
  }
  for (std::size_t count = 3; count <= 5; ++count) {
    add("LinesOf8006Count" + std::to_string(count), kDefaults, get("/", lines_of({count, 8006})));
  }
  for (std::size_t count = 4; count <= 5; ++count) {
    add("LinesOf5006Count" + std::to_string(count), kDefaults, get("/", lines_of({count, 5006})));
  }
  // The end of the head needs room, too.
  for (std::size_t size = 506; size <= 514; ++size) {
    add("LastLineFillsABufferOf" + std::to_string(size), kSmall,
        get("/", lines_of({1, 512}) + lines_of({1, size})));
  }
  for (const std::size_t size : {511U, 512U, 513U}) {  // refused without waiting for more
    add("HalfALineOf" + std::to_string(size), kSmall,
        "GET / HTTP/1.1\r\nHost: a.test\r\nA: " + std::string(size - 3, 'a') +
            (size < 512 ? "\r\n\r\n" : ""));
    add("HalfARequestLineOf" + std::to_string(size), kSmall,
        "GET /" + std::string(size - 5, 'a') +
            (size < 512 ? " HTTP/1.1\r\nHost: a.test\r\n\r\n" : ""));
  }
  return pairs;
}

INSTANTIATE_TEST_SUITE_P(HeadSize, Oracle, testing::ValuesIn(rows()), name_of);

}  // namespace
}  // namespace sluice::tests::oracle
