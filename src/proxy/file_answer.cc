// SPDX-License-Identifier: MIT
// An exchange answered by a file below `root`: the part of Exchange that reads files.
#include <unistd.h>

#include <algorithm>

#include "content/files.h"
#include "http/canned.h"
#include "http/date.h"
#include "proxy/exchange.h"

namespace sluice::proxy {
namespace {

using http::HeaderId;

// RFC 9110, section 13.2.2, as far as nginx goes: an entity tag counts before a time.
bool is_unchanged(const http::Headers& headers, std::string_view entity_tag,
                  std::string_view last_modified) {
  if (const http::Header* tags = headers.find(HeaderId::if_none_match)) {
    return tags->value == "*" || tags->value.find(entity_tag) != std::string_view::npos;
  }
  const http::Header* since = headers.find(HeaderId::if_modified_since);
  return since != nullptr && since->value == last_modified;  // "exact", nginx's default
}

}  // namespace

net::Task<After> Exchange::answer_file() {
  const http::RequestHead& request = parser_.head();
  const bool reads = request.method == http::Method::get || request.method == http::Method::head;
  if (!reads && request.method != http::Method::post) {
    co_return co_await answer(405);
  }
  content::Opened opened = content::open_file(location_->settings->core, facts_.uri);
  if (opened.status == 301) {
    text_.assign(facts_.uri).append("/");
    if (facts_.has_args) {
      text_.append("?").append(facts_.args);
    }
    co_return co_await redirect_client(301);
  }
  if (opened.status != 200) {
    if (!opened.trouble.empty()) {
      location_->error_log->write(log::Level::error, opened.trouble, facts_.connection->number);
    }
    co_return co_await answer(opened.status);
  }
  if (!reads) {  // a POST: nginx says first what is not there
    co_return co_await answer(405);
  }
  const std::string modified = http::format_http_date(opened.modified);
  const std::string tag = content::entity_tag(opened.modified, opened.size);
  OwnAnswer own{
      .status = 200, .content_type = opened.type, .last_modified = modified, .entity_tag = tag};
  if (is_unchanged(request.headers, tag, modified)) {
    own.status = 304;
    own.content_type = {};
    co_return co_await send_own(own, {});
  }
  co_return co_await send_file(own, opened);
}

net::Task<After> Exchange::send_file(const OwnAnswer& own, const content::Opened& opened) {
  facts_.status = own.status;
  answer_head_.clear();
  append_own_head(answer_head_, own, {BodyPlan::Kind::length, opened.size}, client_connection(),
                  server_header(), date());
  std::array<iovec, 2> pieces{net::piece_of(answer_head_), {}};
  std::size_t count = 1;
  std::uint64_t left = parser_.head().method == http::Method::head ? 0 : opened.size;
  const net::Chunk chunk =
      worker_.loop.chunks().take(std::min<std::uint64_t>(left, net::ChunkPool::kBody));
  Failure failure;
  do {
    if (left > 0) {
      const ssize_t got =
          ::read(opened.file.get(), chunk.data(), std::min<std::uint64_t>(left, chunk.size()));
      if (got <= 0) {
        // It shrank under our hands: the length was promised, so the answer stays incomplete.
        failure = {Trouble::out_of_resources, {}};
        location_->error_log->write(log::Level::alert,
                                    "a file became shorter while it was sent: " +
                                        location_->settings->core.root + std::string(facts_.uri),
                                    facts_.connection->number);
        break;
      }
      left -= static_cast<std::uint64_t>(got);
      pieces[count++] = net::piece_of({chunk.data(), static_cast<std::size_t>(got)});
    }
    failure = co_await reply_.send(std::span(pieces).first(count));
    count = 0;
  } while (!failure && left > 0);
  note_sent(failure);
  log_access();
  co_return failure ? After::abort : after_answer();
}

}  // namespace sluice::proxy
