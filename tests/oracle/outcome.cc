// SPDX-License-Identifier: MIT
#include "tests/oracle/outcome.h"

#include <cctype>
#include <regex>

namespace sluice::tests::oracle {
namespace {

constexpr std::size_t kShown = 2000;  // what is longer is compared by its hash

// Bytes as a C++ string literal would have them.
std::string printable(std::string_view bytes) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\r') {
      text += "\\r";
    } else if (c == '\n') {
      text += "\\n";
    } else if (byte < 0x20 || byte >= 0x7f) {
      text += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      text += c;
    }
  }
  return text;
}

// The title, when this is a page the server made itself.
std::string own_page(const std::string& body) {
  static const std::regex kPage(
      "<html>\r\n<head><title>(.*)</title></head>\r\n<body>\r\n<center><h1>(.*)</h1></center>\r\n"
      "(<center>.*</center>\r\n)?<hr><center>(SERVER)</center>\r\n</body>\r\n</html>\r\n");
  std::smatch parts;
  if (body.size() > kShown) return "";
  return std::regex_match(body, parts, kPage) ? parts[1].str() : "";
}

std::string head_of(const std::string& head, std::size_t page_size) {
  static const std::regex kServer("\r\nServer: SERVER(?=\r\n|$)");
  static const std::regex kDate(
      "\r\nDate: [A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT(?=\r\n|$)");
  using std::regex_constants::format_first_only;
  std::string text = std::regex_replace(head, kServer, "", format_first_only);
  text = std::regex_replace(text, kDate, "", format_first_only);
  if (page_size > 0) {
    text = replace_all(
        text, {{"\r\nContent-Length: " + std::to_string(page_size), "\r\nContent-Length: *"}});
  }
  // A Location that the server made absolute stands before Connection in nginx.
  static const std::regex kLocation("\r\n(Location: [^\r]*)\r\n(Connection: [^\r]*)");
  text = std::regex_replace(text, kLocation, "\r\n$2\r\n$1");
  std::string lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find("\r\n", at), text.size());
    lines += printable(text.substr(at, end - at)) + '\n';
    at = end + 2;
  }
  return lines;
}

std::string body_of(const std::string& body) {
  const std::string page = own_page(body);
  if (!page.empty()) return "page " + page;
  if (body.size() <= kShown) return printable(body);
  return std::to_string(body.size()) + " bytes, hash " +
         std::to_string(std::hash<std::string>{}(body));
}

std::string without_names(const std::string& text) {
  static const std::regex kVersion("(nginx|sluice)/\\d+\\.\\d+\\.\\d+");
  static const std::regex kName("(Server: |<hr><center>)(nginx|sluice)(?=\r|<)");
  return std::regex_replace(std::regex_replace(text, kVersion, "SERVER"), kName, "$1SERVER");
}

// Each server draws its own.
std::string without_boundary(std::string text, const std::string& head) {
  static const std::regex kBoundary("multipart/byteranges; boundary=([0-9a-f]{20})\r\n");
  std::smatch parts;
  if (!std::regex_search(head, parts, kBoundary)) return text;
  return replace_all(std::move(text), {{parts[1].str(), "BOUNDARY"}});
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A port is none in the middle of a longer number.
bool stands_alone(std::string_view text, std::size_t at, std::size_t size) {
  const std::size_t end = at + size;
  const bool joins_before = at > 0 && is_digit(text[at - 1]) && is_digit(text[at]);
  const bool joins_behind = end < text.size() && is_digit(text[end - 1]) && is_digit(text[end]);
  return !joins_before && !joins_behind;
}

std::string answer_text(const Answer& answer) {
  const std::string body = answer.body.size() > kShown ? answer.body : without_names(answer.body);
  const std::size_t page_size = own_page(body).empty() ? 0 : answer.body.size();
  std::string text = head_of(without_names(answer.head), page_size);
  if (!answer.body.empty()) text += "body: " + body_of(body) + '\n';
  if (!answer.complete) text += "(broken off)\n";
  return without_boundary(std::move(text), answer.head);
}

}  // namespace

std::string replace_all(std::string text, const Replacements& names) {
  for (const auto& [from, to] : names) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
      if (stands_alone(text, at, from.size())) {
        text.replace(at, from.size(), to);
        at += to.size();
      } else {
        ++at;
      }
    }
  }
  return text;
}

std::string outcome_of(const Conversation& conversation, const std::vector<std::string>& to_peers,
                       const std::vector<std::string>& log_lines, const Replacements& names) {
  std::string text;
  for (const Answer& answer : conversation.answers) text += answer_text(answer);
  text += "end: " + without_names(printable(conversation.end)) + '\n';
  for (const std::string& bytes : to_peers) text += "peer: " + printable(bytes) + '\n';
  for (const std::string& line : log_lines) text += "log: " + printable(line) + '\n';
  return replace_all(text, names);
}

std::string refused(const std::string& status) {
  return "HTTP/1.1 " + status +
         "\nContent-Type: text/html\nContent-Length: *\nConnection: close\nbody: page " + status +
         "\nend: closed\n";
}

std::string passed(const std::string& to_peer) {
  return "HTTP/1.1 200 OK\nContent-Length: 0\nConnection: keep-alive\nend: kept\npeer: " + to_peer +
         '\n';
}

}  // namespace sluice::tests::oracle
