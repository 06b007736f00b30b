// SPDX-License-Identifier: MIT
#include "backend/route.h"

#include <charconv>
#include <optional>

namespace sluice::backend {
namespace {

using Kind = http::Framing::Kind;

// The number N of "/name/N"; nothing when the path is another.
std::optional<std::uint64_t> number_after(std::string_view prefix, std::string_view path) {
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), value);
  if (error != std::errc{} || end != path.data() + path.size()) return std::nullopt;
  return value;
}

Answer pattern_of(std::uint64_t size, Kind framing) {
  return {.content = Content::pattern, .framing = framing, .size = size};
}

}  // namespace

Answer route(std::string_view target, std::string_view greeting) {
  const std::string_view path = target.substr(0, target.find('?'));
  if (path == "/") return {.text = greeting};
  if (const auto size = number_after("/bytes/", path)) return pattern_of(*size, Kind::length);
  if (const auto size = number_after("/chunked/", path)) return pattern_of(*size, Kind::chunked);
  if (const auto size = number_after("/close/", path)) return pattern_of(*size, Kind::until_close);
  if (path == "/close") return {.framing = Kind::until_close, .text = "until close\n"};
  if (path == "/echo") return {.content = Content::request_body};
  if (path == "/sum") return {.content = Content::request_sum};
  if (path == "/headers") return {.content = Content::request_head};
  if (path == "/trailers") {
    return {.framing = Kind::chunked, .text = "with trailers\n", .has_trailers = true};
  }
  if (const auto wait = number_after("/delay/", path); wait && *wait <= 86'400'000) {
    return {.text = greeting, .delay = std::chrono::milliseconds(*wait)};
  }
  if (const auto status = number_after("/status/", path);
      status && *status >= 200 && *status < 600) {
    return {.status = static_cast<std::uint16_t>(*status), .text = greeting};
  }
  return {.status = 404, .text = "no such route\n"};
}

}  // namespace sluice::backend
