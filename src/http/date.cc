// SPDX-License-Identifier: MIT
#include "http/date.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "http/characters.h"

namespace sluice::http {

namespace {

constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string_view day_name(const std::tm& time) {
  return kDays[static_cast<std::size_t>(time.tm_wday)].substr(0, 3);
}
std::string_view month_name(const std::tm& time) {
  return kMonths[static_cast<std::size_t>(time.tm_mon)];
}

// Appends with leading zeros.
void append_padded(std::string& out, long value, std::size_t width) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  const auto size = static_cast<std::size_t>(end - digits.data());
  out.append(width - std::min(width, size), '0').append(digits.data(), size);
}

void append_clock(std::string& out, const std::tm& time) {
  append_padded(out, time.tm_hour, 2);
  out.push_back(':');
  append_padded(out, time.tm_min, 2);
  out.push_back(':');
  append_padded(out, time.tm_sec, 2);
}

// "+0530", or with a colon between.
void append_zone(std::string& out, const std::tm& time, std::string_view between) {
  const long minutes = std::labs(time.tm_gmtoff) / 60;
  out.push_back(time.tm_gmtoff < 0 ? '-' : '+');
  append_padded(out, minutes / 60, 2);
  out.append(between);
  append_padded(out, minutes % 60, 2);
}

void add_http_date(std::string& out, std::time_t when) {
  std::tm time{};
  ::gmtime_r(&when, &time);
  out.append(day_name(time)).append(", ");
  append_padded(out, time.tm_mday, 2);
  out.append(" ").append(month_name(time)).append(" ");
  append_padded(out, 1900L + time.tm_year, 4);
  out.push_back(' ');
  append_clock(out, time);
  out.append(" GMT");
}

void write_local_time(std::string& out, const std::tm& time) {
  out.clear();
  append_padded(out, time.tm_mday, 2);
  out.append("/").append(month_name(time)).append("/");
  append_padded(out, 1900L + time.tm_year, 4);
  out.push_back(':');
  append_clock(out, time);
  out.push_back(' ');
  append_zone(out, time, "");
}

void write_iso8601(std::string& out, const std::tm& time) {
  out.clear();
  append_padded(out, 1900L + time.tm_year, 4);
  out.push_back('-');
  append_padded(out, time.tm_mon + 1, 2);
  out.push_back('-');
  append_padded(out, time.tm_mday, 2);
  out.push_back('T');
  append_clock(out, time);
  append_zone(out, time, ":");
}

// Takes a date apart from the left; once something does not fit, it stays failed.
class DateReader {
 public:
  explicit DateReader(std::string_view text) : rest_(text) {}

  void literal(std::string_view expected) {
    if (!rest_.starts_with(expected)) failed_ = true;
    if (!failed_) rest_.remove_prefix(expected.size());
  }

  int number(std::size_t width) {
    int value = 0;
    if (rest_.size() < width) failed_ = true;
    for (std::size_t i = 0; i < width && !failed_; ++i) {
      failed_ = !is_digit(rest_[i]);
      value = value * 10 + (rest_[i] - '0');
    }
    if (!failed_) rest_.remove_prefix(width);
    return value;
  }

  // asctime pads a day with a blank.
  int blank_padded_day() {
    if (!rest_.starts_with(' ')) return number(2);
    literal(" ");
    return number(1);
  }

  // The index of the name that comes next.
  template <std::size_t Count>
  int name(const std::array<std::string_view, Count>& names, std::size_t width = kWhole) {
    for (std::size_t i = 0; i < Count && !failed_; ++i) {
      const std::string_view candidate = names[i].substr(0, width);
      if (!rest_.starts_with(candidate)) continue;
      rest_.remove_prefix(candidate.size());
      return static_cast<int>(i);
    }
    failed_ = true;
    return 0;
  }

  void clock(std::tm& time) {
    time.tm_hour = number(2);
    literal(":");
    time.tm_min = number(2);
    literal(":");
    time.tm_sec = number(2);
  }

  [[nodiscard]] bool succeeded() const { return !failed_ && rest_.empty(); }

  static constexpr std::size_t kWhole = std::string_view::npos;

 private:
  std::string_view rest_;
  bool failed_ = false;
};

// "Sun, 06 Nov 1994 08:49:37 GMT"
bool read_imf_fixdate(std::string_view text, std::tm& time) {
  DateReader reader{text};
  reader.name(kDays, 3);
  reader.literal(", ");
  time.tm_mday = reader.number(2);
  reader.literal(" ");
  time.tm_mon = reader.name(kMonths);
  reader.literal(" ");
  time.tm_year = reader.number(4) - 1900;
  reader.literal(" ");
  reader.clock(time);
  reader.literal(" GMT");
  return reader.succeeded();
}

// "Sunday, 06-Nov-94 08:49:37 GMT".  nginx: years below 70 are of this century.
bool read_rfc850(std::string_view text, std::tm& time) {
  DateReader reader{text};
  reader.name(kDays);
  reader.literal(", ");
  time.tm_mday = reader.number(2);
  reader.literal("-");
  time.tm_mon = reader.name(kMonths);
  reader.literal("-");
  const int year = reader.number(2);
  time.tm_year = year < 70 ? year + 100 : year;
  reader.literal(" ");
  reader.clock(time);
  reader.literal(" GMT");
  return reader.succeeded();
}

// "Sun Nov  6 08:49:37 1994"
bool read_asctime(std::string_view text, std::tm& time) {
  DateReader reader{text};
  reader.name(kDays, 3);
  reader.literal(" ");
  time.tm_mon = reader.name(kMonths);
  reader.literal(" ");
  time.tm_mday = reader.blank_padded_day();
  reader.literal(" ");
  reader.clock(time);
  reader.literal(" ");
  time.tm_year = reader.number(4) - 1900;
  return reader.succeeded();
}

// timegm() would turn the 31st of February into March; this is no date.
std::time_t to_time(std::tm time) {
  if (time.tm_hour > 23 || time.tm_min > 59 || time.tm_sec > 60 || time.tm_mday < 1) return -1;
  const int second = time.tm_sec;
  time.tm_sec = 0;
  const int day = time.tm_mday;
  const std::time_t minute = ::timegm(&time);
  return time.tm_mday == day ? minute + second : -1;
}

}  // namespace

void DateCache::refresh(std::time_t now) {
  if (now == second_) return;
  second_ = now;
  std::tm local{};
  ::localtime_r(&now, &local);
  http_date_.clear();
  add_http_date(http_date_, now);
  write_local_time(local_time_, local);
  write_iso8601(iso8601_, local);
}

std::string_view DateCache::http_date(std::time_t now) {
  refresh(now);
  return http_date_;
}

std::string_view DateCache::local_time(std::time_t now) {
  refresh(now);
  return local_time_;
}

std::string_view DateCache::iso8601(std::time_t now) {
  refresh(now);
  return iso8601_;
}

void append_http_date(std::string& out, std::time_t time) {
  add_http_date(out, time);
}

std::string format_http_date(std::time_t time) {
  std::string text;
  add_http_date(text, time);
  return text;
}

std::time_t parse_http_date(std::string_view text) {
  for (const auto read : {read_imf_fixdate, read_rfc850, read_asctime}) {
    std::tm time{};
    if (read(text, time)) return to_time(time);
  }
  return -1;
}

}  // namespace sluice::http
