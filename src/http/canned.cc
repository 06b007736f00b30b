// SPDX-License-Identifier: MIT
// nginx's ngx_http_error_pages, word for word.
#include "http/canned.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace sluice::http {

namespace {

struct Page {
  std::uint16_t status;
  std::string_view title;
  std::string_view heading = {};  // the title, when empty
  std::string_view text = {};
};

constexpr auto kPages = std::to_array<Page>({
    {301, "301 Moved Permanently"},
    {302, "302 Found"},
    {303, "303 See Other"},
    {307, "307 Temporary Redirect"},
    {308, "308 Permanent Redirect"},
    {400, "400 Bad Request"},
    {401, "401 Authorization Required"},
    {402, "402 Payment Required"},
    {403, "403 Forbidden"},
    {404, "404 Not Found"},
    {405, "405 Not Allowed"},
    {406, "406 Not Acceptable"},
    {408, "408 Request Time-out"},
    {409, "409 Conflict"},
    {410, "410 Gone"},
    {411, "411 Length Required"},
    {412, "412 Precondition Failed"},
    {413, "413 Request Entity Too Large"},
    {414, "414 Request-URI Too Large"},
    {415, "415 Unsupported Media Type"},
    {416, "416 Requested Range Not Satisfiable"},
    {421, "421 Misdirected Request"},
    {429, "429 Too Many Requests"},
    {494, "400 Request Header Or Cookie Too Large", "400 Bad Request",
     "Request Header Or Cookie Too Large"},
    {495, "400 The SSL certificate error", "400 Bad Request", "The SSL certificate error"},
    {496, "400 No required SSL certificate was sent", "400 Bad Request",
     "No required SSL certificate was sent"},
    {497, "400 The plain HTTP request was sent to HTTPS port", "400 Bad Request",
     "The plain HTTP request was sent to HTTPS port"},
    {498, "404 Not Found"},
    {500, "500 Internal Server Error"},
    {501, "501 Not Implemented"},
    {502, "502 Bad Gateway"},
    {503, "503 Service Temporarily Unavailable"},
    {504, "504 Gateway Time-out"},
    {505, "505 HTTP Version Not Supported"},
    {507, "507 Insufficient Storage"},
});

constexpr std::size_t kNoPage = kPages.size();

std::size_t index_of(std::uint16_t status) {
  std::size_t index = 0;
  while (index < kPages.size() && kPages[index].status != status) ++index;
  return index;
}

std::string page_text(const Page& page, std::string_view server_name) {
  const std::string_view heading = page.heading.empty() ? page.title : page.heading;
  std::string text;
  text.append("<html>\r\n<head><title>").append(page.title).append("</title></head>\r\n<body>\r\n");
  text.append("<center><h1>").append(heading).append("</h1></center>\r\n");
  if (!page.text.empty()) text.append("<center>").append(page.text).append("</center>\r\n");
  text.append("<hr><center>").append(server_name).append("</center>\r\n</body>\r\n</html>\r\n");
  return text;
}

// The pages with one name at the foot, each made when it is first asked for.
struct Signed {
  explicit Signed(std::string_view name) : server_name(name) {}

  std::string server_name;
  std::array<std::string, kPages.size()> texts;
};

// A thread's own, so that no lock is needed.  There are as many as server names in the
// configuration: one or two.
Signed& pages_of(std::string_view server_name) {
  thread_local std::vector<std::unique_ptr<Signed>> all;
  for (const auto& pages : all) {
    if (pages->server_name == server_name) return *pages;
  }
  return *all.emplace_back(std::make_unique<Signed>(server_name));
}

}  // namespace

std::string_view canned_page(std::uint16_t status, std::string_view server_name) {
  const std::size_t index = index_of(status);
  if (index == kNoPage) return {};
  std::string& text = pages_of(server_name).texts[index];
  if (text.empty()) text = page_text(kPages[index], server_name);
  return text;
}

}  // namespace sluice::http
