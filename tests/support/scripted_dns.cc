// SPDX-License-Identifier: MIT
#include "tests/support/scripted_dns.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

#include "tests/support/deadline.h"

namespace sluice::tests {
namespace {

constexpr std::size_t kHeader = 12;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

void put16(std::string& out, unsigned value) {
  out += static_cast<char>(value >> 8 & 0xff);
  out += static_cast<char>(value & 0xff);
}

unsigned get16(std::string_view bytes, std::size_t at) {
  const unsigned high = static_cast<unsigned char>(bytes[at]);
  const unsigned low = static_cast<unsigned char>(bytes[at + 1]);
  return high << 8U | low;
}

std::string packed_name(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const std::size_t dot = std::min(name.find('.'), name.size());
    out += static_cast<char>(dot);
    out += name.substr(0, dot);
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  return out + '\0';
}

std::string packed_value(const DnsRecord& record) {
  if (record.type == kTypeCname) return packed_name(record.value);
  std::string out(record.type == kTypeA ? 4 : 16, '\0');
  ::inet_pton(record.type == kTypeA ? AF_INET : AF_INET6, record.value.c_str(), out.data());
  return out;
}

// The question section of a query with one question; `end` is where it ends.
DnsQuestion read_question(std::string_view query, std::size_t& end) {
  DnsQuestion question;
  std::size_t at = kHeader;
  while (query.at(at) != 0) {
    const auto size = static_cast<std::size_t>(query[at]);
    if (!question.name.empty()) question.name += '.';
    question.name += query.substr(at + 1, size);
    at += size + 1;
  }
  question.type = static_cast<std::uint16_t>(get16(query, at + 1));
  end = at + 5;
  return question;
}

std::string reply_to(std::string_view query, std::size_t question_end, const DnsQuestion& question,
                     const DnsScript& script) {
  std::string body(query.substr(kHeader, question_end - kHeader));
  unsigned answers = 0;
  const bool truncated = script.truncated && !question.tcp;
  for (const DnsRecord& record : script.records) {
    if (truncated || (record.type != question.type && record.type != kTypeCname)) continue;
    body += packed_name(record.owner.empty() ? question.name : record.owner);
    put16(body, record.type);
    put16(body, 1);
    put16(body, record.ttl >> 16);
    put16(body, record.ttl);
    const std::string value = packed_value(record);
    put16(body, static_cast<unsigned>(value.size()));
    body += value;
    ++answers;
  }
  std::string reply(query.substr(0, 2));
  put16(reply, 0x8180U | (truncated ? 0x0200U : 0U) | static_cast<unsigned>(script.code));
  put16(reply, 1);
  put16(reply, answers);
  put16(reply, 0);
  put16(reply, 0);
  return reply + (script.garbage.empty() ? body : script.garbage);
}

// Both kinds of socket on one port of the system's choice.
std::pair<Socket, Socket> bind_both() {
  for (int attempt = 0; attempt < 50; ++attempt) {
    Socket tcp = listen_on("127.0.0.1:0");
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(tcp.fd(), reinterpret_cast<sockaddr*>(&address), &size);
    Socket udp(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (::bind(udp.fd(), reinterpret_cast<sockaddr*>(&address), size) == 0) {
      return {std::move(udp), std::move(tcp)};
    }
  }
  throw std::runtime_error("no port is free for UDP and TCP");
}

bool read_exactly(int fd, char* into, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::recv(fd, into, size, 0);
    if (got <= 0) return false;
    into += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

DnsRecord dns_a(std::string address, std::uint32_t ttl, std::string owner) {
  return {kTypeA, std::move(address), ttl, std::move(owner)};
}
DnsRecord dns_aaaa(std::string address, std::uint32_t ttl, std::string owner) {
  return {kTypeAaaa, std::move(address), ttl, std::move(owner)};
}
DnsRecord dns_cname(std::string target, std::uint32_t ttl) {
  return {kTypeCname, std::move(target), ttl, {}};
}

ScriptedDns::ScriptedDns() : wake_(::eventfd(0, EFD_CLOEXEC)) {
  std::tie(udp_, tcp_) = bind_both();
  address_ = local_address(tcp_);
  thread_ = std::thread([this] { serve(); });
}

ScriptedDns::~ScriptedDns() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto put = ::write(wake_.fd(), &one, sizeof one);
  thread_.join();
}

void ScriptedDns::say(const std::string& name, DnsScript script) {
  const std::lock_guard lock(mutex_);
  scripts_[lower(name)] = std::move(script);
}

void ScriptedDns::release() {
  const std::lock_guard lock(mutex_);
  for (const Held& held : held_) {
    ::sendto(udp_.fd(), held.reply.data(), held.reply.size(), 0,
             reinterpret_cast<const sockaddr*>(&held.to), held.size);
  }
  held_.clear();
  for (auto& [name, script] : scripts_) script.held = false;
}

std::vector<DnsQuestion> ScriptedDns::questions() const {
  const std::lock_guard lock(mutex_);
  return questions_;
}

std::size_t ScriptedDns::count(std::string_view name, std::uint16_t type) const {
  const std::lock_guard lock(mutex_);
  return count_asked(name, type);
}

std::size_t ScriptedDns::count_asked(std::string_view name, std::uint16_t type) const {
  return static_cast<std::size_t>(std::ranges::count_if(questions_, [&](const DnsQuestion& asked) {
    return asked.type == type && lower(asked.name) == lower(name);
  }));
}

void ScriptedDns::wait_for(std::string_view name, std::size_t times, std::uint16_t type) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_until(lock, Deadline().end(),
                           [&] { return count_asked(name, type) >= times; })) {
    ADD_FAILURE() << name << " was asked for " << count_asked(name, type) << " times, not "
                  << times;
  }
}

void ScriptedDns::serve() {
  std::vector<Socket> streams;
  for (;;) {
    std::vector<pollfd> watched{
        {udp_.fd(), POLLIN, 0}, {tcp_.fd(), POLLIN, 0}, {wake_.fd(), POLLIN, 0}};
    for (const Socket& stream : streams) watched.push_back({stream.fd(), POLLIN, 0});
    if (::poll(watched.data(), watched.size(), -1) < 0 || watched[2].revents != 0) return;
    if (watched[0].revents != 0) answer_datagram();
    for (std::size_t i = streams.size(); i-- > 0;) {
      if (watched[3 + i].revents != 0 && !answer_stream(streams[i])) {
        streams.erase(streams.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
    if (watched[1].revents != 0) {
      streams.emplace_back(::accept4(tcp_.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    }
  }
}

std::vector<std::string> ScriptedDns::replies(std::string_view query, const Held* from) {
  std::size_t end = 0;
  DnsQuestion question = read_question(query, end);
  question.tcp = from == nullptr;
  const std::lock_guard lock(mutex_);
  const auto known = scripts_.find(lower(question.name));
  const DnsScript script = known == scripts_.end() ? DnsScript{.code = 3} : known->second;
  questions_.push_back(question);
  changed_.notify_all();
  if (script.silent) return {};
  std::vector<std::string> result{reply_to(query, end, question, script)};
  if (script.wrong_id_first) {
    DnsScript other = script;
    for (DnsRecord& record : other.records) {
      record.value = record.type == kTypeA ? "192.0.2.66" : record.value;
    }
    std::string wrong = reply_to(query, end, question, other);
    wrong[0] = static_cast<char>(wrong[0] ^ 0x55);
    result.insert(result.begin(), wrong);
  }
  if (script.held && from != nullptr) {
    for (std::string& reply : result) {
      held_.push_back({from->to, from->size, std::move(reply)});
    }
    return {};
  }
  return result;
}

void ScriptedDns::answer_datagram() {
  std::array<char, 2048> buffer{};
  Held from;
  from.size = sizeof from.to;
  const ssize_t got = ::recvfrom(udp_.fd(), buffer.data(), buffer.size(), 0,
                                 reinterpret_cast<sockaddr*>(&from.to), &from.size);
  if (got < static_cast<ssize_t>(kHeader)) return;
  for (const std::string& reply : replies({buffer.data(), static_cast<std::size_t>(got)}, &from)) {
    ::sendto(udp_.fd(), reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from.to),
             from.size);
  }
}

// One query; false: the other side is gone.
bool ScriptedDns::answer_stream(const Socket& client) {
  std::array<char, 2> size{};
  if (!read_exactly(client.fd(), size.data(), size.size())) return false;
  std::string query(get16({size.data(), size.size()}, 0), '\0');
  if (!read_exactly(client.fd(), query.data(), query.size())) return false;
  for (const std::string& reply : replies(query, nullptr)) {
    std::string framed;
    put16(framed, static_cast<unsigned>(reply.size()));
    framed += reply;
    ::send(client.fd(), framed.data(), framed.size(), MSG_NOSIGNAL);
  }
  return true;
}

}  // namespace sluice::tests
