// SPDX-License-Identifier: MIT
#include "proxy/carried.h"

#include "proxy/answer_head.h"

namespace sluice::proxy {
namespace {

using http::HeaderId;

bool is_about_caching(const http::Header& header) {
  return header.id == HeaderId::cache_control || header.id == HeaderId::expires;
}

// nginx's choice (ngx_http_upstream_headers_in, "redirect").
bool goes_on(const http::Header& header) {
  return is_about_caching(header) || header.id == HeaderId::set_cookie ||
         (header.id == HeaderId::other && (http::same_token(header.name, "Content-Disposition") ||
                                           http::same_token(header.name, "Accept-Ranges")));
}

}  // namespace

void Carried::clear() {
  lines_.clear();
  caching_lines_.clear();
  answer_.clear();
}

void Carried::take(const http::AnswerHead& answer, const Location& location,
                   const routing::Facts& facts) {
  target_ = answer.headers.value(HeaderId::x_accel_redirect);
  for (const http::Header& header : answer.headers) {
    if (goes_on(header)) {
      append_passed_header(is_about_caching(header) ? caching_lines_ : lines_, header,
                           answer.status, location, facts);
    }
  }
  answer_.clear();
  answer_.status = answer.status;
  storage_.clear();
  storage_.reserve(answer.size);  // the views stay where they are
  const auto keep = [&](std::string_view text) {
    const std::size_t begin = storage_.size();
    storage_.append(text);
    return std::string_view(storage_).substr(begin);
  };
  for (const http::Header& header : answer.headers) {
    const std::string_view name = keep(header.name);
    answer_.headers.add(name, keep(header.value), header.id);
  }
}

}  // namespace sluice::proxy
