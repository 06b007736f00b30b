// SPDX-License-Identifier: MIT
// An exchange answered by a file below `root`: the part of Exchange that reads files.
#include <algorithm>
#include <limits>

#include "content/files.h"
#include "http/date.h"
#include "proxy/error_report.h"
#include "proxy/exchange.h"
#include "proxy/file_parts.h"
#include "routing/request_id.h"

namespace sluice::proxy {
namespace {

// After about so many bytes without waiting, others have a turn.
constexpr std::uint64_t kTurn = 4 * 1024 * 1024;

http::Since since_rule(confparse::IfModifiedSince setting) {
  switch (setting) {
    case confparse::IfModifiedSince::off:
      return http::Since::off;
    case confparse::IfModifiedSince::before:
      return http::Since::before;
    case confparse::IfModifiedSince::exact:
      break;
  }
  return http::Since::exact;
}

}  // namespace

net::Task<After> Exchange::answer_file() {
  const http::RequestHead& request = parser_.head();
  const bool reads = request.method == http::Method::get || request.method == http::Method::head;
  if (!reads && request.method != http::Method::post) {
    co_return co_await answer(405);
  }
  const confparse::CoreSettings& core = location_->settings->core;
  content::Opened opened = content::open_file(core, facts_.uri);
  if (opened.status == 301) {
    co_return co_await add_slash();
  }
  if (opened.status != 200) {
    if (!opened.trouble.empty() &&
        (opened.status != 404 || location_->settings->log.log_not_found)) {
      report_notice(*location_->error_log, log::Level::error, opened.trouble, facts_);
    }
    co_return co_await answer(opened.status);
  }
  if (!reads) {  // a POST: nginx says first what is not there
    co_return co_await answer(405);
  }
  const std::string modified = http::format_http_date(opened.modified);
  const std::string tag =
      core.etag ? content::entity_tag(opened.modified, opened.size) : std::string{};
  const std::string_view told_type = carried_.content_type();  // by X-Accel-Redirect
  OwnAnswer own{.status = 200,
                .content_type = told_type.empty() ? opened.type : told_type,
                .last_modified = modified,
                .entity_tag = tag};
  const std::uint16_t status = http::check_conditions(request.headers, {tag, opened.modified},
                                                      since_rule(core.if_modified_since));
  if (status == 412) {
    co_return co_await answer(status);
  }
  if (status == 304) {
    own.status = status;
    own.content_type = {};
    co_return co_await send_own(own, {});
  }
  co_return co_await send_file(own, opened);
}

// The whole file, or what of it the client has asked for.
net::Task<After> Exchange::send_file(OwnAnswer own, const content::Opened& opened) {
  constexpr auto kNoLimit = std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t most = settings().max_ranges.value_or(kNoLimit);
  const http::Asked asked =
      most == 0 ? http::Asked::whole
                : choose_ranges(opened.size, most, {own.entity_tag, opened.modified});
  if (asked == http::Asked::unsatisfiable) {
    co_return co_await refuse_ranges(opened.size);
  }
  if (asked == http::Asked::whole) {
    own.ranges.accepts = most > 0 && !carried_.tells_ranges();
    ranges_.assign(opened.size > 0 ? 1 : 0, {0, opened.size});
    co_return co_await send_parts(own, opened, opened.size, nullptr);
  }
  own.status = 206;
  if (ranges_.size() == 1) {
    content_range_ = http::content_range(&ranges_.front(), opened.size);
    own.ranges.content_range = content_range_;
    co_return co_await send_parts(own, opened, ranges_.front().size(), nullptr);
  }
  // Nobody can have put it into the file: it is made now, by chance.
  std::array<char, 32> boundary{};
  routing::fill_request_id(boundary);
  const http::MultipartRanges multipart{own.content_type, {boundary.data(), 20}, opened.size};
  const std::string type = multipart.content_type();
  own.content_type = type;
  co_return co_await send_parts(own, opened, multipart.length(ranges_), &multipart);
}

// The parts in ranges_, `length` bytes with what stands between them.
net::Task<After> Exchange::send_parts(const OwnAnswer& own, const content::Opened& opened,
                                      std::uint64_t length,
                                      const http::MultipartRanges* multipart) {
  facts_.status = own.status;
  answer_head_.clear();
  append_own_head(answer_head_, own, frame({BodyPlan::Kind::length, length}), *location_, facts_);
  std::array<iovec, 3> pieces{net::piece_of(answer_head_), {}, {}};
  std::size_t count = 1;
  const bool head_only = parser_.head().method == http::Method::head;
  const net::Chunk chunk = worker_.loop.chunks().take(
      std::min<std::uint64_t>(head_only ? 0 : length, net::ChunkPool::kBody));
  FileParts parts{opened.file.get(), head_only ? std::span<http::ByteRange>{} : std::span(ranges_),
                  head_only ? nullptr : multipart, chunk, text_};
  reply_.limit(client_rate());
  std::uint64_t turn_ends = kTurn;
  Failure failure;
  do {
    if (!parts.done() && !parts.read(pieces, count)) {
      // It shrank under our hands: the length was promised, so the answer stays incomplete.
      failure = {Trouble::out_of_resources, {}};
      report_notice(*location_->error_log, log::Level::alert,
                    "a file became shorter while it was sent: " + location_->settings->core.root +
                        std::string(facts_.uri),
                    facts_);
      break;
    }
    failure = co_await reply_.send(std::span(pieces).first(count));
    count = 0;
    if (reply_.sent() >= turn_ends) {
      turn_ends = reply_.sent() + kTurn;
      co_await net::yield(worker_.loop);  // others want a turn
    }
  } while (!failure && !parts.done());
  note_sent(failure);
  log_access();
  co_return failure ? After::abort : after_answer();
}

}  // namespace sluice::proxy
