// SPDX-License-Identifier: MIT
#include "http/uri.h"

#include <array>
#include <optional>

#include "http/characters.h"

namespace sluice::http {

namespace {

constexpr auto kNone = std::string_view::npos;

// Would anything in this path have to change?  "/." may begin a file's name; then the long way
// finds nothing to do.
bool is_plain(std::string_view path, bool merge_slashes) {
  bool after_slash = false;
  for (const char byte : path) {
    if (byte == '%' || byte == '#' || byte == '?' || byte == '\0') return false;
    if (after_slash && (byte == '.' || (byte == '/' && merge_slashes))) return false;
    after_slash = byte == '/';
  }
  return true;
}

// Writes a path segment by segment; a slash ends one, decoded or not, as in nginx.
class Normaliser {
 public:
  Normaliser(std::string& out, bool merge_slashes) : out_(out), merge_slashes_(merge_slashes) {
    out_.clear();
  }

  // False: above the root.
  bool put(char byte) {
    if (byte != '/') {
      out_.push_back(byte);
      return true;
    }
    if (!resolve_dots()) return false;
    const bool is_doubled = !out_.empty() && out_.back() == '/' && segment() == 0;
    if (is_doubled && (merge_slashes_ || resolved_)) return true;
    out_.push_back('/');
    segment_ = out_.size();
    return true;
  }

  bool finish() { return resolve_dots(); }

 private:
  [[nodiscard]] std::size_t segment() const { return out_.size() - segment_; }

  // Removes a segment "." or, with the one before it, "..".
  bool resolve_dots() {
    const std::string_view last = std::string_view{out_}.substr(segment_);
    resolved_ = last == "." || last == "..";
    if (!resolved_) return true;
    const bool is_parent = last == "..";
    out_.resize(segment_);
    if (!is_parent) return true;
    if (segment_ < 2) return false;
    segment_ = out_.rfind('/', segment_ - 2) + 1;
    out_.resize(segment_);
    return true;
  }

  std::string& out_;
  std::size_t segment_ = 0;  // where the last segment begins
  bool merge_slashes_;
  bool resolved_ = false;
};

// The byte that "%XX" at the beginning of `text` stands for.
std::optional<char> unescape(std::string_view text) {
  if (text.size() < 3) return std::nullopt;
  const int high = hex_value(text[1]);
  const int low = hex_value(text[2]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high << 4 | low);
}

bool normalise(std::string_view path, Normaliser& to) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '#' || path[i] == '?') break;
    const bool is_escape = path[i] == '%';
    const std::optional<char> byte = is_escape ? unescape(path.substr(i)) : path[i];
    if (!byte || *byte == '\0' || !to.put(*byte)) return false;
    if (is_escape) i += 2;
  }
  return to.finish();
}

// nginx's table for NGX_ESCAPE_URI (1.21.1 and later).
constexpr auto kEscaped = [] {
  std::array<bool, 256> escaped{};
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    const char byte = static_cast<char>(i);
    escaped[i] = i <= 0x20 || i >= 0x7f ||
                 std::string_view{"\"#%<>?\\^`{|}"}.find(byte) != std::string_view::npos;
  }
  return escaped;
}();

bool is_escaped(char byte) {
  return kEscaped[static_cast<unsigned char>(byte)];
}

}  // namespace

Target split_target(std::string_view target) {
  target = target.substr(0, target.find('#'));
  const auto mark = target.find('?');
  Target split{target.substr(0, mark), {}, mark != kNone};
  if (split.has_args) split.args = target.substr(mark + 1);
  if (split.has_args && split.path.empty()) split.path = "/";
  return split;
}

std::string_view normalise_path(std::string_view path, bool merge_slashes, std::string& storage) {
  if (!path.starts_with('/')) return {};
  if (is_plain(path, merge_slashes)) return path;
  Normaliser to{storage, merge_slashes};
  return normalise(path, to) ? std::string_view{storage} : std::string_view{};
}

void append_escaped_path(std::string_view path, std::string& out) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::size_t begin = 0;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (!is_escaped(path[i])) continue;
    out.append(path.substr(begin, i - begin));
    const auto value = static_cast<unsigned char>(path[i]);
    out.push_back('%');
    out.push_back(kDigits[value >> 4]);
    out.push_back(kDigits[value & 15]);
    begin = i + 1;
  }
  out.append(path.substr(begin));
}

}  // namespace sluice::http
